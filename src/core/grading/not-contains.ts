import { folded, type LetterCase } from "./contains.ts";
import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";
import { onWholeAnswer } from "./whole-answer.ts";

/** Passes when the answer does not contain the text. */
export function notContains(text: string, letters: LetterCase = "fold"): Grader {
  return onWholeAnswer("fail", async ({ trajectory }) => {
    const at = folded(trajectory.output, letters).indexOf(folded(text, letters));
    if (at === -1) return { kind: "pass", because: `the answer does not contain "${text}"` };
    return {
      kind: "fail",
      because: `the answer contains "${text}"`,
      expected: `an answer without "${text}"`,
      observed: excerpt(trajectory.output, at),
    };
  });
}
