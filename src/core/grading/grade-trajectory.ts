import type { Assertion, Evidence, GradedAssertion, JudgeAnswer } from "./grader.ts";

/** Decides every assertion on one trajectory; the judge is asked once, whatever the number of its items. */
export async function gradeTrajectory(
  assertions: readonly Assertion[],
  evidence: Evidence,
): Promise<readonly GradedAssertion[]> {
  if (!evidence.trajectory.spans.some(({ kind }) => kind === "model")) {
    return assertions.map(({ use, at, judged }) => ({
      use,
      at,
      judged,
      grade: { kind: "ungraded", because: "trace missing: no step of the agent's model was seen" },
    }));
  }
  let answer: Promise<JudgeAnswer> | undefined;
  const shared: Evidence = {
    ...evidence,
    askJudge: (question) => {
      answer ??= evidence.askJudge(question);
      return answer;
    },
  };
  const graded: GradedAssertion[] = [];
  for (const { use, at, judged, grade } of assertions) {
    graded.push({ use, at, judged, grade: await grade(shared) });
  }
  return graded;
}
