import { type Html, type HtmlPart, html } from "../../../core/text/html.ts";
import { box, checkMark, page } from "./page.ts";
import type { IssueView, RepositoryView } from "./reader.ts";

/** What every page is given: whose repository it is, and how Markdown is rendered in it. */
export interface PageSetting {
  readonly repository: string;
  readonly renderMarkdown: (markdown: string) => Html;
}

const FRONT_REFRESH_SECONDS = 5;

/** Renders the front page: pull requests with their checks, issues, and the files of `main`. */
export function renderRepository(view: RepositoryView, { repository }: PageSetting): string {
  const pulls = view.pulls.map(({ pull, checks }) =>
    row(
      stateMark(pull.merged_at === null ? pull.state : "merged"),
      html`<a href="/pull/${pull.number}"><b>${pull.title}</b></a> <small>#${pull.number} by ${pull.user?.login ?? "ghost"}</small>`,
      checks.map(
        (check) =>
          html`<small title="${check.name}: ${check.output.title ?? ""}">${checkMark(check)}</small>`,
      ),
    ),
  );
  const issues = view.issues.map((issue) =>
    row(
      stateMark(issue.state === "open" ? "open" : "done"),
      html`<a href="/issues/${issue.number}"><b>${issue.title}</b></a>${labels(issue.labels)} <small>#${issue.number} by ${issue.user?.login ?? "ghost"}</small>`,
      html`<small>${issue.comments === 0 ? undefined : `${issue.comments} comment${issue.comments === 1 ? "" : "s"}`}</small>`,
    ),
  );
  const files = view.paths.map((path) =>
    row(html`<span class="muted">·</span>`, html`<a href="/blob/main/${path}">${path}</a>`, ""),
  );
  return page({
    title: "Overview",
    repository,
    refreshSeconds: FRONT_REFRESH_SECONDS,
    content: html`<h1>${repository}</h1><p class="muted">${view.description}</p>
<h2>Issues</h2>${list(issues)}<h2>Pull requests</h2>${list(pulls)}<h2>Files on main</h2>${list(files)}`,
  });
}

/** Renders an issue with its comments. */
export function renderIssue({ issue, comments }: IssueView, setting: PageSetting): string {
  const state = issue.state === "open" ? "open" : "done";
  return page({
    title: issue.title,
    repository: setting.repository,
    content: html`<h1>${issue.title} <span class="number">#${issue.number}</span></h1>
<div class="byline"><span class="state ${state}">${issue.state === "open" ? "Open" : "Closed"}</span><b>${issue.user?.login ?? "ghost"}</b> opened this issue${labels(issue.labels)}</div>
${said(issue.user?.login, issue.body, setting)}${comments.map((comment) => said(comment.user?.login, comment.body, setting))}`,
  });
}

/** Renders a file with its line numbers, to which links can point. */
export function renderFile(ref: string, path: string, text: string, { repository }: PageSetting): string {
  const lines = text.replace(/\n$/, "").split("\n");
  const rows = lines.map(
    (line, index) => html`<tr id="L${index + 1}"><td class="no">${index + 1}</td><td>${line}</td></tr>`,
  );
  return page({
    title: path,
    repository,
    content: box(
      html`<b>${path}</b> at ${ref.slice(0, 40)}`,
      html`<table class="file"><tbody>${rows}</tbody></table>`,
    ),
  });
}

/** Renders a page that says what could not be shown. */
export function renderProblem(heading: string, text: string, { repository }: PageSetting): string {
  return page({
    title: heading,
    repository,
    content: html`<h1>${heading}</h1><p>${text}</p><p><a href="/">Back to the overview</a></p>`,
  });
}

/** Renders what somebody wrote, with their name above it. */
export function said(
  login: string | undefined,
  body: string | null | undefined,
  { renderMarkdown }: PageSetting,
): Html {
  const written = (body ?? "").trim();
  const content = written === "" ? html`<span class="muted">No description.</span>` : renderMarkdown(written);
  return box(html`<b>${login ?? "ghost"}</b> wrote`, html`<div class="body md said">${content}</div>`);
}

function list(rows: readonly Html[]): Html {
  return html`<section class="box">${rows.length === 0 ? html`<div class="row muted">None yet.</div>` : rows}</section>`;
}

function row(mark: Html, text: HtmlPart, end: HtmlPart): Html {
  return html`<div class="row">${mark}<span class="grow">${text}</span><span>${end}</span></div>`;
}

function stateMark(state: string): Html {
  if (state === "open") return html`<span class="mark good">○</span>`;
  return state === "closed"
    ? html`<span class="mark bad">✕</span>`
    : html`<span class="mark merged">●</span>`;
}

function labels(given: readonly (string | { readonly name?: string | undefined })[]): readonly Html[] {
  return given.map(
    (label) => html`<span class="label">${typeof label === "string" ? label : (label.name ?? "")}</span>`,
  );
}
