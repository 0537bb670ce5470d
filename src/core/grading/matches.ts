import { compilePattern } from "../text/linear-pattern.ts";
import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";
import { unusableGrader } from "./ungraded.ts";
import { onWholeAnswer } from "./whole-answer.ts";

/** Passes when the pattern matches somewhere in the answer. */
export function matches(source: string): Grader {
  const pattern = compilePattern(source);
  if (pattern.kind === "unusable") return unusableGrader(pattern.problems);
  const { value } = pattern;
  return onWholeAnswer("pass", async ({ trajectory }) =>
    value.test(trajectory.output)
      ? { kind: "pass", because: `the answer matches /${source}/` }
      : {
          kind: "fail",
          because: `the answer does not match /${source}/`,
          expected: `an answer that matches /${source}/`,
          observed: excerpt(trajectory.output),
        },
  );
}
