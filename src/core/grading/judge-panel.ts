import type { JudgeConfig } from "../config/config.ts";
import type { AskJudge, JudgeAnswer, JudgeDecision, JudgeQuestion } from "./grader.ts";
import { usesOf } from "./grader.ts";

type Decided = Extract<JudgeAnswer, { readonly kind: "decided" }>;

/**
 * Makes one judge of several, or of several samples of one: each item is decided by vote on its own.
 *
 * Under `majority` more than half of all votes decide, under `all` every vote has to be the same; whatever is left is
 * unclear, and so is everything where one of them could not be asked, since nobody knows how it would have voted.
 */
export function judgePanel(
  judges: readonly AskJudge[],
  { rule, samples }: Pick<JudgeConfig, "rule" | "samples">,
): AskJudge {
  const seats = judges.flatMap((judge) => Array.from({ length: samples }, () => judge));
  const [only] = seats;
  if (only !== undefined && seats.length === 1) return only;
  return async (question, signal) => {
    const answers = await Promise.all(seats.map((judge) => judge(question, signal)));
    const decided = answers.filter((answer) => answer.kind === "decided");
    const away = answers.find((answer) => answer.kind === "unavailable");
    const [first] = decided;
    if (away !== undefined || first === undefined) {
      const because = away?.because ?? "no judge is named";
      return { kind: "unavailable", because, others: answers.flatMap(usesOf) };
    }
    return {
      ...first,
      decisions: question.items.map((_, index) => decideItem(decided, index, rule)),
      judge: panelName(decided, rule),
      others: answers.slice(1).flatMap(usesOf),
    };
  };
}

function decideItem(answers: readonly Decided[], index: number, rule: JudgeConfig["rule"]): JudgeDecision {
  const votes = answers.map(({ decisions }) => decisions[index]);
  const needed = rule === "all" ? votes.length : Math.floor(votes.length / 2) + 1;
  for (const verdict of ["yes", "no"] as const) {
    const agreeing = votes.filter((vote) => vote?.verdict === verdict);
    const [first] = agreeing;
    if (first !== undefined && agreeing.length >= needed) {
      return { ...first, because: `${first.because} (${agreeing.length} of ${votes.length} votes)` };
    }
  }
  return { verdict: "unclear", because: `the votes do not agree: ${tally(votes)}` };
}

function tally(votes: readonly (JudgeDecision | undefined)[]): string {
  const count = (verdict: JudgeDecision["verdict"]) =>
    votes.filter((vote) => (vote?.verdict ?? "unclear") === verdict).length;
  return `${count("yes")} yes, ${count("no")} no, ${count("unclear")} unclear`;
}

function panelName(answers: readonly Decided[], rule: JudgeConfig["rule"]): string {
  const names = [...new Set(answers.map(({ judge }) => judge))];
  return `${names.join(" + ")}, ${rule} of ${answers.length} votes`;
}

/** A question as it is put to a judge: what is left out of it cannot change what is said. */
export function questionText({ conversation, answer, reference, items }: JudgeQuestion): string {
  return JSON.stringify([conversation, answer, reference ?? null, items]);
}
