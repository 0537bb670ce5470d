import { type Html, html } from "../../../core/text/html.ts";
import { shortSha } from "../../../core/text/short-sha.ts";
import { box, checkMark, page } from "./page.ts";
import type { Annotation, ChangedFile, PullView, ShownCheck } from "./reader.ts";
import { type PageSetting, said } from "./render-pages.ts";

const PULL_REFRESH_SECONDS = 3;
const PATCH_LINES_MAX = 1_000;

/** Renders a pull request: what it says, what its checks say, whether it can merge, and what it changes. */
export function renderPull(view: PullView, setting: PageSetting): string {
  const { pull, comments, checks, files } = view;
  const isRunning = checks.some(({ run }) => run.status !== "completed");
  const state = pull.merged ? "merged" : pull.state;
  return page({
    title: pull.title,
    repository: setting.repository,
    refreshSeconds:
      pull.state === "open" && (isRunning || checks.length === 0) ? PULL_REFRESH_SECONDS : undefined,
    content: html`<h1>${pull.title} <span class="number">#${pull.number}</span></h1>
<div class="byline"><span class="state ${state}">${pull.merged ? "Merged" : pull.state === "open" ? "Open" : "Closed"}</span><b>${pull.user?.login ?? "ghost"}</b> ${pull.merged ? "asked" : "asks"} to merge <code>${pull.head.ref}</code> into <code>${pull.base.ref}</code></div>
${said(pull.user?.login, pull.body, setting)}${comments.map((comment) => said(comment.user?.login, comment.body, setting))}
${mergeBox(view)}
<h2>Checks of ${shortSha(pull.head.sha)}</h2>
${checks.length === 0 ? html`<p class="muted">No check has been posted yet.</p>` : checks.map((check) => renderCheck(check, pull.head.sha, setting))}
<h2>Changed files (${files.length})</h2>${files.map((file) => renderChangedFile(file, pull.head.sha))}`,
  });
}

function mergeBox({ pull, checks, required }: PullView): Html {
  const waiting = required.filter(
    (name) => !checks.some(({ run }) => run.name === name && run.conclusion === "success"),
  );
  const rows = checks.map(
    ({ run }) =>
      html`<div class="row">${checkMark(run)}<span class="grow"><a href="#check-${run.id}"><b>${run.name}</b></a> <small>${run.output.title ?? run.status}</small></span><small>${required.includes(run.name) ? "Required" : ""}</small></div>`,
  );
  const missing = required
    .filter((name) => !checks.some(({ run }) => run.name === name))
    .map(
      (name) =>
        html`<div class="row"><span class="mark warn">●</span><span class="grow"><b>${name}</b> <small>expected, not posted yet</small></span><small>Required</small></div>`,
    );
  const verdict = pull.merged
    ? { kind: "merged", text: html`<b class="merged">Merged</b> by ${pull.merged_by?.login ?? "somebody"}` }
    : pull.state === "closed"
      ? { kind: "bad", text: html`<b>Closed</b> without a merge` }
      : waiting.length > 0
        ? {
            kind: "bad",
            text: html`<b class="bad">Merging is blocked.</b> Not green: ${waiting.join(", ")}.`,
          }
        : { kind: "good", text: html`<b class="good">Ready to merge.</b> Every required check is green.` };
  return html`<section class="box merge ${verdict.kind}-box"><div class="row">${verdict.text}</div>${rows}${missing}</section>`;
}

function renderCheck({ run, annotations }: ShownCheck, sha: string, { renderMarkdown }: PageSetting): Html {
  const texts = [run.output.summary, run.output.text].map((text) =>
    text === null || text === "" ? undefined : html`<div class="md">${renderMarkdown(text)}</div>`,
  );
  const outcome = run.status === "completed" ? run.conclusion : run.status.replace("_", " ");
  return box(
    html`${checkMark(run)} <b>${run.name}</b> · ${outcome ?? ""}`,
    html`<div class="body"><h2 style="margin-top:0">${run.output.title ?? ""}</h2>${texts}${annotations.map((annotation) => renderAnnotation(annotation, sha))}</div>`,
    `check-${run.id}`,
  );
}

function renderAnnotation(annotation: Annotation, sha: string): Html {
  const { path, start_line: line, annotation_level: level, message } = annotation;
  return html`<div class="note ${level ?? "notice"}"><a href="/blob/${sha}/${path}#L${line}">${path}:${line}</a><br>${message ?? ""}</div>`;
}

function renderChangedFile(file: ChangedFile, sha: string): Html {
  const lines = (file.patch ?? "").split("\n").slice(0, PATCH_LINES_MAX);
  const rows = lines.map((line) => html`<tr class="${lineClass(line)}"><td>${line}</td></tr>`);
  const name =
    file.status === "removed"
      ? html`${file.filename}`
      : html`<a href="/blob/${sha}/${file.filename}">${file.filename}</a>`;
  return box(
    html`<b>${name}</b> · ${file.status} <span class="good">+${file.additions}</span> <span class="bad">−${file.deletions}</span>`,
    html`<table class="file"><tbody>${rows}</tbody></table>`,
  );
}

function lineClass(line: string): string {
  if (line.startsWith("@@")) return "hunk";
  return line.startsWith("+") ? "add" : line.startsWith("-") ? "del" : "";
}
