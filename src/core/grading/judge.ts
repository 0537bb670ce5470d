import type { Expectation } from "../fixture/fixture.ts";
import { excerpt } from "./excerpt.ts";
import type { Evidence, Grader, JudgeDecision, JudgeItem, JudgeQuestion } from "./grader.ts";

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
    if (decision.verdict === "yes") return { kind: "pass", because: reasonOf(decision) };
    return {
      kind: "fail",
      because: `${reasonOf(decision)} (judged by ${answer.judge})`,
      expected: `${item.kind === "must" ? "must" : "must not"}: ${item.text}`,
      observed: reasonOf(decision),
    };
  };
}

function reasonOf({ because, quote }: JudgeDecision): string {
  return quote === undefined ? because : `${because} It says: ${JSON.stringify(excerpt(quote))}`;
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
