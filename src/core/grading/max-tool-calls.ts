import type { Grader } from "./grader.ts";
import { stepsText } from "./steps.ts";

/** Passes when the agent made no more than this many calls. */
export function maxToolCalls(limit: number): Grader {
  return async ({ trajectory }) => {
    const calls = trajectory.spans.filter(({ call }) => call !== undefined);
    const excess = calls[limit];
    if (excess === undefined) return { kind: "pass", because: `${calls.length} of at most ${limit} calls` };
    return {
      kind: "fail",
      because: `the agent made ${calls.length} calls`,
      expected: `at most ${limit} calls`,
      observed: stepsText(trajectory),
      spanId: excess.id,
    };
  };
}
