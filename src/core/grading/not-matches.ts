import { compilePattern } from "../text/linear-pattern.ts";
import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";
import { unusableGrader } from "./ungraded.ts";
import { onWholeAnswer } from "./whole-answer.ts";

/** Passes when the pattern matches nowhere in the answer. */
export function notMatches(source: string): Grader {
  const pattern = compilePattern(source);
  if (pattern.kind === "unusable") return unusableGrader(pattern.problems);
  const { value } = pattern;
  return onWholeAnswer("fail", async ({ trajectory }) => {
    const found = value.find(trajectory.output);
    if (found === undefined) return { kind: "pass", because: `the answer does not match /${source}/` };
    return {
      kind: "fail",
      because: `the answer matches /${source}/: "${excerpt(found)}"`,
      expected: `an answer that does not match /${source}/`,
      observed: excerpt(trajectory.output, trajectory.output.indexOf(found)),
    };
  });
}
