import type { Fixture } from "../fixture/fixture.ts";
import { fencedBlock, oneLine } from "../text/markdown.ts";
import type { Trial } from "../trial/trial.ts";
import { compareTrajectory, type TrajectoryRow } from "./compare-trajectory.ts";

const ROWS_SHOWN_MAX = 40;
const COLUMN_WIDTH_MAX = 48;
const HERE = "<- parts here";

/** Lays expected and observed side by side in lines of plain text; `-` marks where they part, the first with words. */
export function trajectoryLines(rows: readonly TrajectoryRow[]): readonly string[] {
  const cells = rows.slice(0, ROWS_SHOWN_MAX).map(({ expected, observed, parts }) => ({
    expected: oneLine(expected ?? "", COLUMN_WIDTH_MAX),
    observed: oneLine(observed ?? (expected === undefined ? "" : "(missing)"), COLUMN_WIDTH_MAX),
    parts,
  }));
  const width = Math.max("EXPECTED".length, ...cells.map(({ expected }) => expected.length)) + 2;
  const observedWidth = Math.max(0, ...cells.map(({ observed }) => observed.length)) + 2;
  const firstParting = cells.findIndex(({ parts }) => parts);
  const lines = cells.map(({ expected, observed, parts }, index) => {
    const line = `${parts ? "-" : " "} ${expected.padEnd(width)}`;
    return index === firstParting
      ? line + observed.padEnd(observedWidth) + HERE
      : (line + observed).trimEnd();
  });
  const rest = rows.length - cells.length;
  return [`  ${"EXPECTED".padEnd(width)}OBSERVED`, ...lines, ...(rest > 0 ? [`  … ${rest} more steps`] : [])];
}

/** Lays what a fixture expects beside what a trial did, step by step; none where it could not be run. */
export function trajectoryRows(fixture: Fixture, trial: Trial): readonly TrajectoryRow[] {
  return trial.status === "errored" ? [] : compareTrajectory(fixture, trial.trajectory, blamedSpans(trial));
}

/** Lays what a fixture expects beside what a trial did; no lines where no step was taken or asked for. */
export function trajectoryDiff(fixture: Fixture, trial: Trial): readonly string[] {
  const rows = trajectoryRows(fixture, trial);
  const hasSteps = rows.length > 1 || rows.some(({ expected }) => expected !== undefined);
  return hasSteps ? trajectoryLines(rows) : [];
}

/** Renders expected and observed side by side as a block that GitHub colours; undefined where there is nothing to show. */
export function renderTrajectory(fixture: Fixture, trial: Trial): string | undefined {
  const lines = trajectoryDiff(fixture, trial);
  return lines.length === 0 ? undefined : fencedBlock(lines.join("\n"), "diff");
}

function blamedSpans(trial: Trial): ReadonlySet<string> {
  if (trial.status === "errored") return new Set();
  return new Set(
    trial.grades.flatMap(({ grade }) =>
      grade.kind === "fail" && grade.spanId !== undefined ? [grade.spanId] : [],
    ),
  );
}
