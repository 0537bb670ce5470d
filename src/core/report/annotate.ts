import { lineOf } from "../fixture/line-of.ts";
import { problemText } from "../problem.ts";
import { oneLine } from "../text/markdown.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { listing, plural } from "./amounts.ts";
import type { Annotation } from "./check-run.ts";
import type { CheckScope } from "./check-scope.ts";
import { failedAssertions } from "./failed-assertions.ts";
import type { GateReport } from "./gate-report.ts";
import { isAtHead, standingOf, VERDICT_WORDS } from "./standing.ts";
import { undecidedCause } from "./undecided-cause.ts";

const ANNOTATIONS_MAX = 200;
const CHANGES_REMARKED_MAX = 50;
const TITLE_LENGTH_MAX = 200;
const MESSAGE_LENGTH_MAX = 1_000;
const NAMES_SHOWN_MAX = 5;

/** The remarks of a check, as far as they are shown. */
export interface Remarks {
  readonly shown: readonly Annotation[];
  readonly total: number;
}

/** Remarks on the lines of fixtures that did not pass, of unreadable fixtures, and on the files that changed the agent. */
export function annotate(report: GateReport, scope: CheckScope): Remarks {
  const level = scope.check === "blocking" ? "failure" : "warning";
  const remarks = [
    ...scope.broken.flatMap(({ path, problems }) =>
      problems.map((problem) => ({
        path,
        line: problem.line,
        title: "This fixture cannot be read",
        message: () => problemText(problem),
      })),
    ),
    // Few, and what a reader looks for first: however many fixtures fail, these are not left out.
    ...changeRemarks(report, scope).slice(0, CHANGES_REMARKED_MAX),
    ...scope.own.filter(isAtHead).flatMap(fixtureRemarks),
  ];
  return {
    shown: remarks.slice(0, ANNOTATIONS_MAX).map((one) => annotation(one, level)),
    total: remarks.length,
  };
}

/** Says how many remarks on lines are not shown; undefined where all are. */
export function remarksLeftOut({ shown, total }: Remarks, elsewhere: string): string | undefined {
  const left = total - shown.length;
  return left === 0
    ? undefined
    : `_Left out for length: ${left.toLocaleString("en-GB")} of ${plural(total, "remark")} on lines of files._${elsewhere}`;
}

/** A remark that may not be shown: its words are put together where it is. */
interface Remark {
  readonly path: string;
  readonly line: number | undefined;
  readonly title: string;
  readonly message: () => string;
}

function fixtureRemarks(verdict: FixtureVerdict): readonly Remark[] {
  const { file } = verdict;
  const title = `${file.fixture.id}: ${VERDICT_WORDS[verdict.verdict]}`;
  if (standingOf(verdict) === "failing") {
    return failedAssertions(verdict.candidate).map(({ at, expected, observed, failed, graded }) => ({
      path: file.path,
      line: lineOf(file, at),
      title,
      message: () =>
        `${at} failed in ${failed} of ${plural(graded, "trial")}. Expected: ${oneLine(expected)}. Observed: ${oneLine(observed)}.`,
    }));
  }
  if (standingOf(verdict) !== "undecided") return [];
  const cause = undecidedCause(verdict.candidate);
  if (cause.kind !== "no_recording") {
    const { because } = cause;
    return [{ path: file.path, line: lineOf(file, "id"), title, message: () => because }];
  }
  return cause.gaps.map(({ tool }) => ({
    path: file.path,
    line: lineOf(file, `tools.${tool}`),
    title,
    message: () => `No recording answers the agent's call of ${tool}. Add one.`,
  }));
}

function changeRemarks({ plan }: GateReport, { own }: CheckScope): readonly Remark[] {
  const regressed = own.filter(({ verdict }) => verdict === "regressed");
  return plan.changes.flatMap(({ agent, type, path }) => {
    const ids = regressed
      .filter(({ file }) => file.fixture.agent === agent)
      .map(({ file }) => file.fixture.id);
    if (ids.length === 0) return [];
    const names = listing([...new Set(ids)], NAMES_SHOWN_MAX);
    return [
      {
        path,
        line: undefined,
        title: `This ${type} change may be the cause`,
        message: () => `With this change regressed: ${names}.`,
      },
    ];
  });
}

function annotation({ path, line = 1, title, message }: Remark, level: Annotation["level"]): Annotation {
  return {
    path,
    startLine: line,
    endLine: line,
    level,
    title: oneLine(title, TITLE_LENGTH_MAX),
    message: oneLine(message(), MESSAGE_LENGTH_MAX),
  };
}
