import { type Html, type HtmlPart, html, trusted } from "../../core/text/html.ts";
import type { DeadLetter } from "../../ports/dead-letters.ts";
import type { QueueFigures, StoreFigures } from "../../ports/figures.ts";

/** What the first page shows. */
export interface DashboardView {
  readonly now: Date;
  readonly version: string;
  readonly role: string;
  readonly startedAt: Date;
  /** Where the data live, without a password. */
  readonly store: string;
  readonly gitHubUrl: string;
  readonly login: string | undefined;
  readonly reasonsNotReady: readonly string[];
  readonly figures: StoreFigures | undefined;
  readonly letters: readonly DeadLetter[];
  readonly lettersTotal: number;
  readonly formToken: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const STYLE = `
:root { color-scheme: light dark; --fg:#1f2328; --muted:#59636e; --bg:#fff; --soft:#f6f8fa; --line:#d1d9e0; --link:#0969da; --good:#1a7f37; --bad:#cf222e; --warn:#9a6700; }
@media (prefers-color-scheme: dark) { :root { --fg:#f0f6fc; --muted:#9198a1; --bg:#0d1117; --soft:#151b23; --line:#3d444d; --link:#4493f8; --good:#3fb950; --bad:#f85149; --warn:#d29922; } }
* { box-sizing:border-box }
body { margin:0; background:var(--bg); color:var(--fg); font:14px/1.5 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif }
.wrap { max-width:1080px; margin:0 auto; padding:0 16px }
header { background:var(--soft); border-bottom:1px solid var(--line); padding:14px 0 }
header .wrap { display:flex; flex-wrap:wrap; gap:4px 14px; align-items:baseline }
h1 { font-size:18px; margin:0 } h2 { font-size:17px; margin:30px 0 10px } h2 small { color:var(--muted); font-weight:400; font-size:13px; margin-left:8px }
main { padding-bottom:60px }
.state { font-weight:600 } .good { color:var(--good) } .bad { color:var(--bad) } .warn { color:var(--warn) } .muted { color:var(--muted) }
.facts { display:grid; grid-template-columns:repeat(auto-fit,minmax(150px,1fr)); gap:12px; margin:22px 0 0; padding:0 }
.facts div { border:1px solid var(--line); border-radius:6px; padding:10px 14px; min-width:0 }
.facts dt { color:var(--muted); font-size:12px } .facts dd { margin:2px 0 0; overflow-wrap:anywhere }
.reasons { border:1px solid var(--bad); border-radius:6px; padding:10px 14px 10px 32px; margin:18px 0 0 }
.scroll { overflow-x:auto; border:1px solid var(--line); border-radius:6px }
table { border-collapse:collapse; width:100% }
th, td { text-align:left; padding:8px 14px; border-top:1px solid var(--line); vertical-align:top }
thead th { border-top:0; background:var(--soft); color:var(--muted); font-weight:500; white-space:nowrap }
tbody th { font-weight:500 } .number { text-align:right; font-variant-numeric:tabular-nums; white-space:nowrap }
.counts { display:flex; flex-wrap:wrap; gap:8px 28px; margin:0; padding:0; list-style:none } .counts b { font-size:20px; font-weight:600; margin-right:6px; font-variant-numeric:tabular-nums }
.letter { border:1px solid var(--line); border-radius:6px; padding:12px 14px; margin-bottom:12px }
.letter p { margin:4px 0 } .letter .what { font-weight:600; overflow-wrap:anywhere } .letter .why { overflow-wrap:anywhere; white-space:pre-wrap; max-height:12em; overflow-y:auto }
.letter code { font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace; color:var(--muted); overflow-wrap:anywhere }
.letter form { display:inline-block; margin:6px 8px 0 0 }
button { font:inherit; padding:4px 14px; border-radius:6px; border:1px solid var(--line); background:var(--soft); color:var(--fg); cursor:pointer } button:hover, button:focus-visible { border-color:var(--link) } button.first { color:var(--link); font-weight:600 }
@media (max-width:600px) { th, td { padding:7px 10px } }
`;

/** Renders the first page: how the process, its queue and its deliveries stand, and what was given up. */
export function renderDashboard(view: DashboardView): string {
  const ready = view.reasonsNotReady.length === 0;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>incident-to-eval</title><style>${trusted(STYLE)}</style></head>
<body><header><div class="wrap"><h1>incident-to-eval</h1>
<span class="state ${ready ? "good" : "bad"}">${ready ? "ready" : "not ready"}</span>
<span class="muted">as of ${time(view.now)}</span><a href="/doctor">Doctor</a></div></header>
<main class="wrap">${ready ? undefined : reasons(view.reasonsNotReady)}${facts(view)}
${deadLetters(view)}
${view.figures === undefined ? noFigures() : figures(view.figures, view.now)}</main></body></html>
`.html;
}

function reasons(list: readonly string[]): Html {
  return html`<ul class="reasons">${list.map((reason) => html`<li>${reason}</li>`)}</ul>`;
}

function facts({ version, role, store, gitHubUrl, login, startedAt, now }: DashboardView): Html {
  const rows: readonly (readonly [string, HtmlPart])[] = [
    ["Version", version],
    ["Role", role],
    ["Running for", since(startedAt, now)],
    ["Store", store],
    [
      "GitHub",
      [gitHubUrl, html`<br>`, login ?? html`<span class="bad">the App's key is not accepted</span>`],
    ],
  ];
  return html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function deadLetters({ letters, lettersTotal, formToken, now }: DashboardView): Html {
  const more = lettersTotal - letters.length;
  return html`<h2>Given up <small>jobs and deliveries that wait for a decision</small></h2>
${letters.length === 0 ? html`<p class="muted">Nothing was given up.</p>` : letters.map((letter) => deadLetter(letter, formToken, now))}
${more > 0 ? html`<p class="muted">And ${more} older.</p>` : undefined}`;
}

function deadLetter({ id, kind, place, because, attempts, at }: DeadLetter, token: string, now: Date): Html {
  const action = (name: string, label: string, look: string): Html =>
    html`<form method="post" action="/dead-letters/${id}/${name}"><input type="hidden" name="token" value="${token}"><button class="${look}">${label}</button></form>`;
  return html`<section class="letter"><p class="what">${kind} · ${place}</p><p class="why">${because === "" ? "no reason was kept" : because}</p>
<p class="muted">tried ${attempts} ${attempts === 1 ? "time" : "times"}, given up ${since(at, now)} ago (${time(at)}) <code>${id}</code></p>
${action("retry", "Try again", "first")}${action("dismiss", "Dismiss", "")}</section>
`;
}

function noFigures(): Html {
  return html`<h2>Queue</h2><p class="bad">The store did not say in time how it stands.</p>`;
}

function figures(
  { queues, deliveries, oldestWaitingDeliveryAt, openRuns, oldestOpenRunAt, deadLetters }: StoreFigures,
  now: Date,
): Html {
  return html`<h2>Queue</h2><div class="scroll"><table><thead><tr><th>Job</th><th class="number">waiting</th><th class="number">running</th><th class="number">oldest due</th><th class="number">given up</th></tr></thead>
<tbody>${queues.map((queue) => queueRow(queue, deadLetters[queue.job] ?? 0, now))}</tbody></table></div>
<h2>Deliveries <small>of the last 24 hours</small></h2>
<ul class="counts">${count(deliveries.waiting, "waiting", oldestWaitingDeliveryAt, now)}${count(deliveries.processed, "processed")}${count(deliveries.failed, "failed")}</ul>
<h2>Checks</h2>
<ul class="counts">${count(openRuns, "not concluded", oldestOpenRunAt, now)}</ul>`;
}

function queueRow({ job, waiting, running, oldestDueAt }: QueueFigures, givenUp: number, now: Date): Html {
  const oldest = oldestDueAt === undefined ? "–" : since(oldestDueAt, now);
  return html`<tr><th>${job}</th><td class="number">${waiting}</td><td class="number">${running}</td><td class="number">${oldest}</td><td class="number">${givenUp}</td></tr>
`;
}

function count(number: number, what: string, oldestAt?: Date, now?: Date): Html {
  const oldest =
    oldestAt === undefined || now === undefined
      ? undefined
      : html` <span class="muted">the oldest for ${since(oldestAt, now)}</span>`;
  return html`<li><b>${number}</b>${what}${oldest}</li>`;
}

function time(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function since(at: Date, now: Date): string {
  const ms = Math.max(0, now.getTime() - at.getTime());
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1_000)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} days`;
}
