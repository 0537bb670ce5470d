import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";

/** Passes when the answer contains the text, whatever the case of its letters. */
export function contains(text: string): Grader {
  return async ({ trajectory }) =>
    trajectory.output.toLowerCase().includes(text.toLowerCase())
      ? { kind: "pass", because: `the answer contains "${text}"` }
      : {
          kind: "fail",
          because: `the answer does not contain "${text}"`,
          expected: `an answer that contains "${text}"`,
          observed: excerpt(trajectory.output),
        };
}
