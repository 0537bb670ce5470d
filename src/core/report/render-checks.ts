import { truncate } from "../text/markdown.ts";
import { shortSha } from "../text/short-sha.ts";
import type { Conclusion } from "../verdict/verdict.ts";
import { costText, plural } from "./amounts.ts";
import { annotate, type Remarks, remarksLeftOut } from "./annotate.ts";
import { renderQuestions } from "./change-questions.ts";
import {
  CHECK_NAMES,
  type CheckAction,
  type CheckRun,
  OVERRIDE_ACTION,
  QUARANTINE_ACTION,
  RERUN_ACTION,
} from "./check-run.ts";
import { type CheckKind, type CheckScope, scopeCheck, standing } from "./check-scope.ts";
import { renderStatement } from "./check-statement.ts";
import { decideTitle } from "./check-title.ts";
import { annotateObstacle, explainObstacle } from "./explain-obstacle.ts";
import { renderFailure } from "./failure-section.ts";
import { fitSections } from "./fit-sections.ts";
import type { GateObstacle, GateReport } from "./gate-report.ts";
import { groundsOf, obstacleGround } from "./grounds.ts";
import { renderNextSteps } from "./next-steps.ts";
import { renderDetails, renderSelection } from "./run-details.ts";
import { renderElsewhere, renderFigures, renderNotes, renderReproduction } from "./run-notes.ts";
import { renderVerdicts } from "./verdict-table.ts";
import { renderElsewhereAll, renderPageLink } from "./whole-report.ts";

/** GitHub refuses titles over 255 characters, and a summary or text over 65,535; bytes are the safer count. */
const TITLE_LENGTH_MAX = 255;
const PAGE_BYTES_MAX = 60_000;
/** What stands above and below the failures leaves them a third of the page at least. */
const SECTION_BYTES_MAX = 7_000;
const FAILURES_SHOWN_MAX = 20;

const FITTING = {
  bytesMax: PAGE_BYTES_MAX,
  sectionBytesMax: SECTION_BYTES_MAX,
  noun: "failure",
} as const;

const RERUN: CheckAction = {
  id: RERUN_ACTION,
  label: "Re-run",
  description: "Evaluate this commit once more",
};

const OVERRIDE: CheckAction = {
  id: OVERRIDE_ACTION,
  label: "Override",
  description: "Say how to let this commit through",
};
const QUARANTINE: CheckAction = {
  id: QUARANTINE_ACTION,
  label: "Quarantine",
  description: "Say how an unstable fixture is listed",
};

/** The commit that a run judges, and our own pointer to the run. */
export interface RunIdentity {
  readonly headSha: string;
  readonly externalId: string;
}

/** Renders a finished run as our two check runs, blocking first. */
export function renderChecks(report: GateReport, externalId: string): readonly CheckRun[] {
  return [
    renderCheck(report, "blocking", report.conclusions.blocking, externalId),
    renderCheck(report, "warning", report.conclusions.warning, externalId),
  ];
}

/** How far a run is; no fixtures are known at first. */
export interface Progress {
  readonly done: number;
  readonly total: number;
  /** What models cost so far. */
  readonly spentUsd?: number;
}

/** Nothing is known yet but that there is something to look at. */
export const NOT_BEGUN: Progress = { done: 0, total: 0 };

/** Leaves out the guard while a run goes on: it counts nothing, and each check is a request. */
export function countsOnly(checks: readonly CheckRun[]): readonly CheckRun[] {
  return checks.filter(({ name }) => name !== CHECK_NAMES.guard);
}

/** Renders a run that goes on, with how many of its fixtures are done and what it cost so far. */
export function renderProgress(progress: RunIdentity & Progress): readonly CheckRun[] {
  const { done, total, spentUsd = 0 } = progress;
  const count = `${done.toLocaleString("en-GB")} of ${plural(total, "fixture")} done`;
  const cost = spentUsd === 0 ? "" : ` It cost ${costText(spentUsd)} so far.`;
  const doing =
    total === 0 ? "reading the repository" : `running the fixtures that protect what changed: ${count}`;
  return bothChecks(progress, {
    state: { kind: "in_progress" },
    title: total === 0 ? "In progress: reading the repository" : `In progress: ${count}`,
    summary: `We are ${doing}.${cost} Nobody has to act: the decision comes here, and a newer commit replaces this run.`,
  });
}

/** Renders a run that a newer commit, or the end of the pull request, overtook: it decides nothing. */
export function renderCancelled(cancelled: RunIdentity & { readonly newHead: string }): readonly CheckRun[] {
  const { headSha, newHead } = cancelled;
  const isReplaced = /^[0-9a-f]{7,64}$/.test(newHead) && newHead !== headSha;
  return bothChecks(cancelled, {
    state: { kind: "completed", conclusion: "cancelled" },
    title: isReplaced ? `Cancelled: replaced by ${shortSha(newHead)}` : "Cancelled: overtaken",
    summary: isReplaced
      ? `A newer commit, \`${shortSha(newHead)}\`, was pushed before this run came to a decision. Nothing was decided for this commit; the check on the newer one counts.`
      : "The pull request was closed or changed before this run came to a decision. Nothing was decided for this commit.",
  });
}

/** Renders a run that could not be made: both checks stay red until the one who is named has acted. */
export function renderObstacle(obstacle: GateObstacle, identity: RunIdentity): readonly CheckRun[] {
  const annotations = annotateObstacle(obstacle);
  const ground = obstacleGround(obstacle);
  const check = {
    headSha: identity.headSha,
    externalId: identity.externalId,
    ...explainObstacle(obstacle),
    actions: ground.acceptable ? [RERUN, OVERRIDE] : [RERUN],
    grounds: [ground],
  };
  return [
    {
      ...check,
      name: CHECK_NAMES.blocking,
      state: { kind: "completed", conclusion: "failure" },
      annotations,
    },
    {
      ...check,
      name: CHECK_NAMES.warning,
      state: { kind: "completed", conclusion: "action_required" },
      annotations: [],
    },
  ];
}

function bothChecks(
  { headSha, externalId }: RunIdentity,
  said: Pick<CheckRun, "state" | "title" | "summary">,
): readonly CheckRun[] {
  const names = [CHECK_NAMES.blocking, CHECK_NAMES.warning];
  return names.map((name) => ({ name, headSha, externalId, ...said, annotations: [] }));
}

function renderCheck(
  report: GateReport,
  check: CheckKind,
  conclusion: Conclusion,
  externalId: string,
): CheckRun {
  const scope = scopeCheck(report, check);
  const text = renderText(report, scope);
  const remarks = annotate(report, scope);
  return {
    name: CHECK_NAMES[check],
    headSha: report.head.sha,
    state: { kind: "completed", conclusion },
    title: truncate(decideTitle(report, scope, conclusion), { charactersMax: TITLE_LENGTH_MAX }),
    summary: renderSummary(report, scope, { conclusion, remarks }),
    ...(text === "" ? {} : { text }),
    annotations: remarks.shown,
    ...(conclusion === "success" ? {} : { actions: actionsOf(scope, conclusion) }),
    ...(stops(conclusion) ? { grounds: groundsOf(scope) } : {}),
    ...(report.page === undefined ? {} : { detailsUrl: report.page.url }),
    externalId,
  };
}

function actionsOf(scope: CheckScope, conclusion: Conclusion): readonly CheckAction[] {
  if (!stops(conclusion)) return [RERUN];
  const isUnstable = scope.own.some(
    ({ verdict, weight }) => verdict === "unstable" && weight.effect === "blocks",
  );
  return isUnstable ? [RERUN, OVERRIDE, QUARANTINE] : [RERUN, OVERRIDE];
}

function stops(conclusion: Conclusion): boolean {
  return conclusion === "failure" || conclusion === "action_required";
}

function renderSummary(
  report: GateReport,
  scope: CheckScope,
  { conclusion, remarks }: { readonly conclusion: Conclusion; readonly remarks: Remarks },
): string {
  const troubled = standing(scope, "failing", "undecided");
  return fitSections(
    {
      first: [
        renderStatement(report, scope, conclusion),
        renderNextSteps(report, scope),
        renderQuestions(report.plan),
        scope.own.length === 0 ? undefined : renderVerdicts(scope.own),
      ],
      middle: troubled.slice(0, FAILURES_SHOWN_MAX).map(renderFailure),
      last: [
        renderNotes(report, scope),
        renderElsewhere(scope),
        renderReproduction(report, troubled),
        renderFigures(report),
        remarksLeftOut(remarks, renderElsewhereAll(report)),
        renderPageLink(report),
      ],
    },
    { ...FITTING, middleOf: troubled.length, elsewhere: renderElsewhereAll(report) },
  );
}

function renderText(report: GateReport, scope: CheckScope): string {
  const troubled = standing(scope, "failing", "undecided");
  return fitSections(
    {
      first: [renderSelection(report.plan)],
      middle: troubled.slice(0, FAILURES_SHOWN_MAX).map(renderDetails),
      last: [],
    },
    { ...FITTING, middleOf: troubled.length, elsewhere: renderElsewhereAll(report) },
  );
}
