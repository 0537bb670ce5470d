import { type Problem, problemText } from "../problem.ts";
import type { Grader } from "./grader.ts";

/** A grader whose options cannot be used: it decides nothing, and says what is wrong with them. */
export function unusableGrader(problems: readonly Problem[]): Grader {
  const because = problems.map(problemText).join("; ");
  return async () => ({ kind: "ungraded", because });
}
