import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";
import { onWholeAnswer } from "./whole-answer.ts";

/** How the case of letters counts: `fold` takes capitals and small letters for the same. */
export type LetterCase = "fold" | "exact";

/** Brings a text to what is compared. */
export function folded(text: string, letters: LetterCase): string {
  return letters === "fold" ? text.toLowerCase() : text;
}

/** Passes when the answer contains one of the texts. */
export function contains(texts: readonly string[], letters: LetterCase = "fold"): Grader {
  const wanted = texts.map((text) => `"${text}"`).join(" or ");
  return onWholeAnswer("pass", async ({ trajectory }) => {
    const answer = folded(trajectory.output, letters);
    const found = texts.find((text) => answer.includes(folded(text, letters)));
    if (found !== undefined) return { kind: "pass", because: `the answer contains "${found}"` };
    return {
      kind: "fail",
      because: `the answer does not contain ${wanted}`,
      expected: `an answer that contains ${wanted}`,
      observed: excerpt(trajectory.output),
    };
  });
}
