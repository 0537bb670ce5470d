import { canonicalJson } from "../json.ts";
import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";

/** Passes when no call was made more than this often with the same arguments. */
export function maxIdenticalCalls(limit: number): Grader {
  return async ({ trajectory }) => {
    const counts = new Map<string, number>();
    for (const { id, call } of trajectory.spans) {
      if (call === undefined) continue;
      const made = `${call.tool} ${canonicalJson(call.arguments)}`;
      const count = (counts.get(made) ?? 0) + 1;
      counts.set(made, count);
      if (count > limit) {
        return {
          kind: "fail",
          because: `${call.tool} was called ${count} times with the same arguments`,
          expected: `the same call at most ${limit === 1 ? "once" : `${limit} times`}`,
          observed: excerpt(made),
          spanId: id,
        };
      }
    }
    return {
      kind: "pass",
      because: `no call was repeated more than ${limit === 1 ? "once" : `${limit} times`}`,
    };
  };
}
