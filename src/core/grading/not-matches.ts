import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";
import { checkedPattern } from "./pattern.ts";

/** Passes when the pattern matches nowhere in the answer. */
export function notMatches(source: string): Grader {
  const pattern = checkedPattern(source);
  return async ({ trajectory }) => {
    const found = pattern.find(trajectory.output);
    if (found === undefined) return { kind: "pass", because: `the answer does not match /${source}/` };
    return {
      kind: "fail",
      because: `the answer matches /${source}/: "${excerpt(found)}"`,
      expected: `an answer that does not match /${source}/`,
      observed: excerpt(trajectory.output, trajectory.output.indexOf(found)),
    };
  };
}
