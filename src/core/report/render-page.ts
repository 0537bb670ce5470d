import { type Html, html, trusted } from "../text/html.ts";
import { oneLine, stripInvisible } from "../text/markdown.ts";
import { shortSha } from "../text/short-sha.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { durationText, plural, spendingText } from "./amounts.ts";
import { decideExitCode, type ExitCode } from "./exit-code.ts";
import { renderCase, renderCaseLine } from "./page-case.ts";
import { PAGE_SCRIPT, PAGE_STYLE } from "./page-style.ts";
import { boundsText, suitePassRate } from "./pass-rate.ts";
import type { RunReport } from "./run-report.ts";
import { reusedTrials, severestFirst, standingOf, VERDICT_WORDS } from "./standing.ts";

const DECISIONS: Readonly<Record<ExitCode, { readonly words: string; readonly standing: string }>> = {
  0: { words: "Nothing blocks", standing: "passing" },
  1: { words: "Blocked: a blocking fixture does not pass", standing: "failing" },
  3: { words: "Could not evaluate enough to say that it holds", standing: "undecided" },
};

/** What a page is held to, and what is said on it besides. */
export interface PageLimits {
  /** UTF-16 units of HTML for fixtures with their steps, those that need attention first; default is without limit. */
  readonly charactersMax?: number;
  readonly note?: string;
}

/**
 * Renders a run as one page that needs nothing else: a table to filter, and for each fixture what was expected and
 * observed on both sides. Whatever agents and people wrote is shown as text. The page may not load or send anything.
 */
export function renderPage(run: RunReport, writtenAt: Date, limits: PageLimits = {}): string {
  const code = decideExitCode(run);
  const { words, standing } = DECISIONS[code];
  const cases = renderCases(severestFirst(run.verdicts), limits.charactersMax);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<title>${words} · incident-to-eval</title>
<style>${trusted(PAGE_STYLE)}</style>
</head>
<body>
<header>
<h1 class="${standing}">${words}</h1>
<p class="about">${aboutRun(run)}</p>
<p class="about">${figures(run)} · written ${writtenAt.toISOString().slice(0, 16).replace("T", " ")} UTC</p>
</header>
<main>
${notes(run, cases, limits.note)}
${filters(run.verdicts)}
<div id="cases">
${cases.shown}
</div>
<p id="none" hidden>No fixture fits the filter.</p>
${leftOut(run)}
</main>
<script>${trusted(PAGE_SCRIPT)}</script>
</body>
</html>
`;
  // Characters that show nothing can turn text round or hide it, wherever they stand.
  return stripInvisible(page.html);
}

function aboutRun({ head, base, repo, pullRequest }: RunReport): string {
  const place = repo === undefined ? [] : [pullRequest === undefined ? repo : `${repo} #${pullRequest}`];
  const judged =
    head.sha === undefined ? `${oneLine(head.branch)} as it lay in the checkout` : shortSha(head.sha);
  const against =
    base === undefined ? "no baseline" : `baseline ${oneLine(base.branch)} ${shortSha(base.sha)}`;
  return [...place, judged, against].join(" · ");
}

function figures(run: RunReport): string {
  const rate = suitePassRate(run.verdicts);
  const reused = reusedTrials(run.verdicts);
  return [
    plural(run.verdicts.length, "fixture"),
    ...(rate === undefined
      ? []
      : [`passes ${Math.round(rate.estimate * 100)} % (${boundsText(rate)} with 95 % confidence)`]),
    plural(run.trials, "trial") + (reused === 0 ? "" : ` (${reused} from the cache)`),
    spendingText(
      run.costUsd,
      run.unpricedModels.map((model) => oneLine(model)),
    ),
    durationText(run.durationMs),
  ].join(" · ");
}

/** The fixtures of a page, and how many of them only have their line for want of room. */
interface Cases {
  readonly shown: readonly Html[];
  readonly withoutSteps: number;
}

function renderCases(verdicts: readonly FixtureVerdict[], charactersMax = Number.POSITIVE_INFINITY): Cases {
  let room = charactersMax;
  let withoutSteps = 0;
  const shown = verdicts.map((verdict) => {
    const whole = room > 0 ? renderCase(verdict) : undefined;
    room -= whole === undefined ? 0 : whole.html.length;
    if (whole !== undefined && room >= 0) return whole;
    withoutSteps += 1;
    return renderCaseLine(verdict);
  });
  return { shown, withoutSteps };
}

/** What has to be known of the page as a whole: shards and files that are not in the table, and what found no room. */
function notes({ missingShards = [], plan }: RunReport, { withoutSteps }: Cases, note?: string): Html {
  const lines = [
    ...(note === undefined ? [] : [html`<li>${note}</li>`]),
    ...(withoutSteps === 0
      ? []
      : [html`<li>Left out for length: the steps of ${plural(withoutSteps, "fixture")}.</li>`]),
    ...missingShards.map(
      (shard) => html`<li>Shard ${shard} is missing: what it should have run is not known.</li>`,
    ),
    ...plan.broken.map(
      ({ path, problems }) =>
        html`<li><code>${path}</code> cannot be read: ${problems
          .map(({ at, expected, got }) => `${at}: expected ${expected}, got ${got}`)
          .join("; ")}</li>`,
    ),
  ];
  return lines.length === 0 ? html`` : html`<ul class="notes">${lines}</ul>`;
}

function filters(verdicts: readonly FixtureVerdict[]): Html {
  const groups = [...Map.groupBy(severestFirst(verdicts), ({ verdict }) => verdict)];
  return html`<form id="filters" role="search">
<input id="text" type="search" placeholder="Filter by id, path, tag, incident or text" aria-label="Filter" autocomplete="off">
<span class="chips">${groups.map(
    ([verdict, [first, ...rest]]) =>
      html`<label class="${first === undefined ? "" : standingOf(first)}"><input type="checkbox" value="${verdict}"> ${VERDICT_WORDS[verdict]} <b>${rest.length + 1}</b></label>`,
  )}</span>
<output id="count">${plural(verdicts.length, "fixture")}</output>
</form>`;
}

function leftOut({ plan }: RunReport): Html {
  if (plan.leftOut.length === 0) return html``;
  const groups = [...Map.groupBy(plan.leftOut, ({ because }) => because)];
  return html`<details class="left"><summary>${plural(plan.leftOut.length, "fixture")} left out</summary>
<ul>${groups.map(
    ([because, group]) => html`<li>${because}: ${group.map(({ file }) => file.fixture.id).join(", ")}</li>`,
  )}</ul></details>`;
}
