import type { GradedAssertion } from "../grading/grader.ts";
import type { Side } from "../trial/trial.ts";

/** One assertion that failed on a side, as its first failing trial showed it. */
export interface FailedAssertion {
  readonly use: string;
  /** Path in the fixture. */
  readonly at: string;
  readonly judged: boolean;
  readonly because: string;
  readonly expected: string;
  readonly observed: string;
  /** In how many trials it failed. */
  readonly failed: number;
  /** How many trials were graded. */
  readonly graded: number;
}

/** Gathers the assertions that failed on a side, each once, those of code before those of a judge. */
export function failedAssertions(side: Side): readonly FailedAssertion[] {
  const trials = side.trials.filter((trial) => trial.status !== "errored" && trial.status !== "ungraded");
  const failures = trials.flatMap((trial) => trial.grades.flatMap(failureOf));
  const firsts = failures.filter((one, index) => failures.findIndex(({ at }) => at === one.at) === index);
  return firsts
    .map((first) => ({
      ...first,
      failed: failures.filter(({ at }) => at === first.at).length,
      graded: trials.length,
    }))
    .toSorted((a, b) => Number(a.judged) - Number(b.judged));
}

function failureOf({
  use,
  at,
  judged,
  grade,
}: GradedAssertion): readonly Omit<FailedAssertion, "failed" | "graded">[] {
  if (grade.kind !== "fail") return [];
  return [{ use, at, judged, because: grade.because, expected: grade.expected, observed: grade.observed }];
}
