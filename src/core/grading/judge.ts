import type { Expectation } from "../fixture/fixture.ts";
import type { Evidence, Grader, JudgeItem, JudgeQuestion } from "./grader.ts";

/** Passes when the judge decides that the answer does what it must, or leaves out what it must not do. */
export function judge(item: JudgeItem): Grader {
  return async (evidence) => {
    const question = questionOf(evidence);
    const answer = await evidence.askJudge(question);
    if (answer.kind === "unavailable") {
      return { kind: "ungraded", because: `the judge is not available: ${answer.because}` };
    }
    const at = question.items.findIndex(({ kind, text }) => kind === item.kind && text === item.text);
    const decision = answer.decisions[at];
    if (decision === undefined || decision.verdict === "unclear") {
      return { kind: "ungraded", because: `the judge could not tell: ${decision?.because ?? "no decision"}` };
    }
    if (decision.verdict === "yes") return { kind: "pass", because: decision.because };
    return {
      kind: "fail",
      because: `${decision.because} (judged by ${answer.judge})`,
      expected: `${item.kind === "must" ? "must" : "must not"}: ${item.text}`,
      observed: decision.because,
    };
  };
}

function judgeItems(judged: NonNullable<Expectation["judge"]>): readonly JudgeItem[] {
  return [
    ...(judged.must ?? []).map((text): JudgeItem => ({ kind: "must", text })),
    ...(judged.must_not ?? []).map((text): JudgeItem => ({ kind: "must_not", text })),
  ];
}

function questionOf({ fixture, trajectory }: Evidence): JudgeQuestion {
  const judged = fixture.expect.judge ?? {};
  return {
    conversation: fixture.input.messages,
    answer: trajectory.output,
    reference: judged.reference,
    items: judgeItems(judged),
  };
}
