import { folded, type LetterCase } from "./contains.ts";
import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";

/** Passes when the answer is the text, apart from white space around it. */
export function equals(text: string, letters: LetterCase = "exact"): Grader {
  return async ({ trajectory }) =>
    folded(trajectory.output.trim(), letters) === folded(text.trim(), letters)
      ? { kind: "pass", because: "the answer is as expected" }
      : {
          kind: "fail",
          because: "the answer is another one",
          expected: excerpt(text.trim()),
          observed: excerpt(trajectory.output.trim()),
        };
}
