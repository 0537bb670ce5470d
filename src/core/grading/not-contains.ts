import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";

/** Passes when the answer does not contain the text, whatever the case of its letters. */
export function notContains(text: string): Grader {
  return async ({ trajectory }) => {
    const at = trajectory.output.toLowerCase().indexOf(text.toLowerCase());
    if (at === -1) return { kind: "pass", because: `the answer does not contain "${text}"` };
    return {
      kind: "fail",
      because: `the answer contains "${text}"`,
      expected: `an answer without "${text}"`,
      observed: excerpt(trajectory.output, at),
    };
  };
}
