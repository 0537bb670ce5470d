import type { Grader } from "./grader.ts";

/** Leaves open what was not found in an answer that was cut: it may stand in the rest. What was found counts. */
export function onWholeAnswer(foundIs: "pass" | "fail", grader: Grader): Grader {
  return async (evidence) => {
    const grade = await grader(evidence);
    const { output, isOutputCut } = evidence.trajectory;
    if (isOutputCut !== true || grade.kind === foundIs) return grade;
    return {
      kind: "ungraded",
      because: `the answer was cut at ${output.length} characters: ${grade.because}`,
    };
  };
}
