import type { Grader } from "./grader.ts";

/** Passes when the run ended for this reason. */
export function stopReason(reason: string): Grader {
  return async ({ trajectory }) =>
    trajectory.stopReason === reason
      ? { kind: "pass", because: `the run ended with ${reason}` }
      : {
          kind: "fail",
          because: `the run ended with ${trajectory.stopReason}`,
          expected: `stop reason ${reason}`,
          observed: `stop reason ${trajectory.stopReason}`,
        };
}
