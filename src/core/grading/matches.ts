import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";
import { checkedPattern } from "./pattern.ts";

/** Passes when the pattern matches somewhere in the answer. */
export function matches(source: string): Grader {
  const pattern = checkedPattern(source);
  return async ({ trajectory }) =>
    pattern.test(trajectory.output)
      ? { kind: "pass", because: `the answer matches /${source}/` }
      : {
          kind: "fail",
          because: `the answer does not match /${source}/`,
          expected: `an answer that matches /${source}/`,
          observed: excerpt(trajectory.output),
        };
}
