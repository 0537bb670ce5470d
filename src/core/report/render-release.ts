import { problemText } from "../problem.ts";
import { bytesOf, inlineCode, inlineText, truncate } from "../text/markdown.ts";
import { shortSha } from "../text/short-sha.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { listing, plural } from "./amounts.ts";
import { renderQuestions } from "./change-questions.ts";
import { type CheckRun, RELEASE_CHECK } from "./check-run.ts";
import { explainObstacle } from "./explain-obstacle.ts";
import { renderFailure } from "./failure-section.ts";
import { fitSections } from "./fit-sections.ts";
import type { GateObstacle, GateReport } from "./gate-report.ts";
import { ownerOf } from "./next-steps.ts";
import { renderSelection } from "./run-details.ts";
import { renderFigures } from "./run-notes.ts";
import { severestFirst, standingOf } from "./standing.ts";
import { fixtureName, incidentOf, renderVerdicts, verdictWords } from "./verdict-table.ts";
import { renderPageLink } from "./whole-report.ts";

/** GitHub takes comments of so many characters on a release; bytes are the safer count. */
const COMMENT_BYTES_MAX = 1_024;
/** What it takes to say that lines were left out. */
const REST_BYTES = 60;
const PAGE_BYTES_MAX = 60_000;
const SECTION_BYTES_MAX = 12_000;
const TITLE_LENGTH_MAX = 255;
const FAILURES_SHOWN_MAX = 20;
const BECAUSE_LENGTH_MAX = 160;
const REASON_LENGTH_MAX = 300;
const OWNERS_SHOWN_MAX = 3;

/** A release that waits for our word. */
export interface Release {
  readonly environment: string;
  readonly sha: string;
  /** The commit that is deployed there, whose agent is the baseline; undefined where none is. */
  readonly deployed: string | undefined;
  /** Where people see the repository. */
  readonly url: string | undefined;
}

/** What a release is told: one of two words, and why. */
export interface ReleaseAnswer {
  readonly state: "approved" | "rejected";
  /** Markdown, at most 1,024 bytes. */
  readonly comment: string;
}

/** Answers a release that was evaluated: one fixture in its way is enough, and no average hides it. */
export function answerRelease(report: GateReport, release: Release): ReleaseAnswer {
  if (report.conclusions.blocking === "success") {
    return { state: "approved", comment: comment(approval(report, release), [], [wholeReport(release)]) };
  }
  const inTheWay = severestFirst(report.verdicts).filter(({ weight }) => weight.effect === "blocks");
  const unread = report.plan.broken.filter(({ brokenBy }) => brokenBy === "head");
  const blocking = report.verdicts.filter(({ weight }) => weight.countedAs === "blocking");
  const stands = [
    ...(inTheWay.length === 0
      ? []
      : [`${inTheWay.length.toLocaleString("en-GB")} of ${plural(blocking.length, "blocking fixture")}`]),
    ...(unread.length === 0 ? [] : [`${plural(unread.length, "fixture file")} that nobody can read`]),
  ];
  const isOne = inTheWay.length + unread.length === 1;
  const first = `**Rejected for ${inlineCode(release.environment)}:** ${stands.join(" and ")} stand${isOne ? "s" : ""} in the way of \`${shortSha(release.sha)}\`. ${against(release)}`;
  const lines = [...inTheWay.map(line), ...unread.map(({ path }) => `- ${inlineCode(path)} cannot be read`)];
  return {
    state: "rejected",
    comment: comment(first, lines, [whoActs(inTheWay), override(release), wholeReport(release)]),
  };
}

/** Answers a release that could not be evaluated: what is not known to pass does not go out. */
export function rejectUnevaluated(obstacle: GateObstacle, release: Release): ReleaseAnswer {
  const { title, summary } = explainObstacle(obstacle);
  const who = summary
    .split("\n\n")
    .find((part) => part.startsWith("**Who has to act:**"))
    ?.replace("the author of this pull request", "whoever wrote this commit");
  const first = `**Rejected for ${inlineCode(release.environment)}.** ${inlineText(title)} (\`${shortSha(release.sha)}\`). What is not known to pass is not released.`;
  return {
    state: "rejected",
    comment: comment(first, problemLines(obstacle), [
      who,
      "Then run the deployment's job again.",
      override(release),
    ]),
  };
}

function problemLines(obstacle: GateObstacle): readonly string[] {
  if (obstacle.kind !== "configuration" && obstacle.kind !== "agent") return [];
  return obstacle.problems.map((problem) => `- ${inlineText(problemText(problem), BECAUSE_LENGTH_MAX)}`);
}

/** Answers a release of which we cannot even say what it is, or by what it would be judged. */
export function rejectUnknown(because: string, who: string, environment: string): ReleaseAnswer {
  const first = `**Rejected for ${inlineCode(environment)}.** ${because}`;
  return { state: "rejected", comment: comment(first, [], [`**Who has to act:** ${who}.`]) };
}

/** Answers a release that somebody let through. */
export function approveOverridden(
  override: { readonly actor: string; readonly as: string; readonly reason: string },
  release: Release,
): ReleaseAnswer {
  const { actor, as, reason } = override;
  const who = `${inlineCode(actor)} (as ${inlineCode(as)})`;
  return {
    state: "approved",
    comment: comment(
      `**Approved for ${inlineCode(release.environment)} by an override** of ${who}, for \`${shortSha(release.sha)}\` alone: ${inlineText(reason, REASON_LENGTH_MAX)}`,
      [],
      ["It is recorded."],
    ),
  };
}

/** Renders the whole report of a release as a check run on its commit, which nothing needs to require. */
export function renderReleaseCheck(report: GateReport, release: Release, externalId: string): CheckRun {
  const { state } = answerRelease(report, release);
  const troubled = severestFirst(report.verdicts).filter((one) => standingOf(one) !== "passing");
  const decided = state === "approved" ? "Approved" : "Rejected";
  return {
    name: RELEASE_CHECK,
    headSha: report.head.sha,
    state: { kind: "completed", conclusion: state === "approved" ? "success" : "failure" },
    title: truncate(`${decided} for ${release.environment}: ${countWords(report)}`, {
      charactersMax: TITLE_LENGTH_MAX,
    }),
    summary: fitSections(
      {
        first: [
          `${decided} for ${inlineCode(release.environment)}. ${against(release)}`,
          renderQuestions(report.plan),
          report.verdicts.length === 0 ? undefined : renderVerdicts(report.verdicts),
        ],
        middle: troubled.slice(0, FAILURES_SHOWN_MAX).map(renderFailure),
        last: [renderFigures(report), renderPageLink(report)],
      },
      {
        bytesMax: PAGE_BYTES_MAX,
        sectionBytesMax: SECTION_BYTES_MAX,
        middleOf: troubled.length,
        noun: "failure",
        elsewhere: elsewhereOf(report),
      },
    ),
    ...text(renderSelection(report.plan)),
    ...(report.page === undefined ? {} : { detailsUrl: report.page.url }),
    annotations: [],
    externalId,
  };
}

/** Says how far the evaluation of a release is. */
export function renderReleaseProgress(
  { environment, sha, deployed }: Release,
  progress: { readonly done: number; readonly total: number },
): string {
  const { done, total } = progress;
  const base = deployed === undefined ? "" : `, against \`${shortSha(deployed)}\`, which is deployed there`;
  const count = total === 0 ? "" : `: ${done} of ${plural(total, "fixture")} done`;
  return `Running every fixture on \`${shortSha(sha)}\` for ${inlineCode(environment)}${base}${count}. The answer comes by itself.`;
}

/** Says that a release waits for its provider, and until when. */
export function renderReleaseDelay(release: Release, minutes: number): string {
  return `Could not evaluate \`${shortSha(release.sha)}\` for ${inlineCode(release.environment)} yet: the model provider does not answer. It is tried again in ${plural(minutes, "minute")}; nobody has to act.`;
}

function approval(report: GateReport, release: Release): string {
  const found =
    report.verdicts.length === 0
      ? "there is no fixture, so nothing was run and nothing is known"
      : `nothing stands in the way of \`${shortSha(release.sha)}\` (${countWords(report)})`;
  const listed = report.verdicts.filter(
    ({ weight }) => weight.effect === "warns" || weight.effect === "open",
  );
  const warned =
    listed.length === 0 ? "" : ` ${plural(listed.length, "fixture")} warn${listed.length === 1 ? "s" : ""}.`;
  return `**Approved for ${inlineCode(release.environment)}:** ${found}.${warned} ${against(release)}`;
}

function against({ environment, deployed }: Release): string {
  return deployed === undefined
    ? `No commit is known to be deployed to ${inlineCode(environment)}, so there was no baseline.`
    : `The baseline is \`${shortSha(deployed)}\`, which is deployed there.`;
}

function countWords({ verdicts }: GateReport): string {
  const passes = verdicts.filter(({ candidate }) => candidate.outcome === "passed").length;
  return `${passes} of ${plural(verdicts.length, "fixture")} ${passes === 1 ? "passes" : "pass"}`;
}

function line(verdict: FixtureVerdict): string {
  const incident = incidentOf(verdict);
  const from = incident === undefined ? "" : `, from ${incident},`;
  return `- ${fixtureName(verdict)}${from} ${verdictWords(verdict)}: ${inlineText(verdict.because, BECAUSE_LENGTH_MAX)}`;
}

function whoActs(inTheWay: readonly FixtureVerdict[]): string {
  const owners = [...new Set(inTheWay.map(ownerOf))];
  const who = owners.length === 0 ? "whoever keeps `evals/`" : listing(owners, OWNERS_SHOWN_MAX);
  return `**Who has to act:** ${who}: mend what is named, then deploy the mended commit.`;
}

function override({ sha }: Release): string {
  return `To release it all the same: \`/incident-to-eval override release ${shortSha(sha)} <reason>\` on the incident, then run the deployment's job again.`;
}

function wholeReport({ url, sha }: Release): string | undefined {
  return url === undefined ? undefined : `[The whole report](${url}/commit/${sha}/checks)`;
}

/** Joins a comment within GitHub's limit: lines that find no room are counted, and what comes last stays. */
function comment(first: string, lines: readonly string[], last: readonly (string | undefined)[]): string {
  const below = last.filter((section) => section !== undefined);
  let room = COMMENT_BYTES_MAX - REST_BYTES - bytesOf([first, ...below].join("\n\n"));
  const shown: string[] = [];
  for (const one of lines) {
    room -= bytesOf(`\n${one}`);
    if (room < 0) break;
    shown.push(one);
  }
  const rest = lines.length - shown.length;
  const list =
    rest === 0 ? shown : [...shown, `- … and ${rest.toLocaleString("en-GB")} more, left out for length`];
  const whole = [first, ...(list.length === 0 ? [] : [list.join("\n")]), ...below].join("\n\n");
  return truncate(whole, { bytesMax: COMMENT_BYTES_MAX, notice: "\n\n… (shortened)" });
}

/** No command makes a release's run again; a page shows all of it. */
function elsewhereOf(report: GateReport): string {
  const link = renderPageLink(report);
  return link === undefined
    ? " `npx incident-to-eval run --html report.html` in a checkout of this commit runs every fixture on it."
    : ` All of it: ${link}.`;
}

function text(selection: string | undefined): { readonly text?: string } {
  return selection === undefined ? {} : { text: truncate(selection, { bytesMax: PAGE_BYTES_MAX }) };
}
