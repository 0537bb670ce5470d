import type { Finding } from "../../core/doctor/finding.ts";
import { diagnosisJson, summaryOf } from "../../core/report/render-doctor.ts";
import { type Html, html, trusted } from "../../core/text/html.ts";
import { json, type PageRequest, type PageResponse } from "../http-page.ts";
import type { KnownSecrets } from "../known-secrets.ts";

const REPOSITORY = /^[A-Za-z0-9._-]{1,100}\/[A-Za-z0-9._-]{1,100}$/;

const STYLE = `
:root { color-scheme: light dark; --line:#8885; --good:#1a7f37; --bad:#cf222e; --warn:#9a6700 }
body { margin:0 auto; max-width:1080px; padding:16px; font:14px/1.5 system-ui,sans-serif }
table { border-collapse:collapse; width:100% } th, td { text-align:left; padding:8px 12px; border-top:1px solid var(--line); vertical-align:top; overflow-wrap:anywhere }
.ok { color:var(--good) } .problem, .unseen { color:var(--bad); font-weight:600 } .warning { color:var(--warn) } .mend { opacity:.75 }
input, button { font:inherit; padding:4px 10px }
`;

/** What the page looks with. */
export interface DoctorPage {
  /** Looks at the app, and at a repository too where one is named as `owner/name`. */
  readonly examine: (repo: string | undefined) => Promise<readonly Finding[]>;
  readonly secrets: Pick<KnownSecrets, "strip" | "stripJsonText">;
}

/** Answers a diagnosis as a page for people. */
export async function showDiagnosis({ url }: PageRequest, page: DoctorPage): Promise<PageResponse> {
  const repo = repoIn(url);
  if (repo === "malformed") return { ...html400, body: "repo takes a repository such as acme/agent\n" };
  const findings = await page.examine(repo);
  const body = page.secrets.strip(renderPage(findings, repo));
  return { status: 200, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

/** Answers a diagnosis as JSON for programs. */
export async function answerDiagnosis({ url }: PageRequest, page: DoctorPage): Promise<PageResponse> {
  const repo = repoIn(url);
  if (repo === "malformed") return json(400, { error: "repo takes a repository such as acme/agent" });
  const answer = json(200, diagnosisJson(await page.examine(repo)));
  return { ...answer, body: page.secrets.stripJsonText(answer.body) };
}

const html400 = { status: 400, headers: { "content-type": "text/plain; charset=utf-8" } };

function repoIn(url: URL): string | undefined {
  const given = url.searchParams.get("repo")?.trim() ?? "";
  if (given === "") return undefined;
  return REPOSITORY.test(given) ? given : "malformed";
}

function renderPage(findings: readonly Finding[], repo: string | undefined): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>incident-to-eval: doctor</title><style>${trusted(STYLE)}</style></head>
<body><h1>Doctor</h1><p><a href="/">Dashboard</a></p>
<form><label>Repository <input name="repo" placeholder="owner/name" value="${repo ?? ""}"></label> <button>Look</button></form>
<p>${summaryOf(findings)}</p>
<table><tbody>${findings.map(row)}</tbody></table></body></html>
`.html;
}

function row({ on, state, says, mend }: Finding): Html {
  const how = mend === undefined ? undefined : html`<div class="mend">${mend}</div>`;
  return html`<tr><td class="${state}">${state}</td><th>${on}</th><td>${says}${how}</td></tr>
`;
}
