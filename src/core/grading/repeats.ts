import { canonicalJson } from "../json.ts";
import { excerpt } from "./excerpt.ts";
import type { Grader } from "./grader.ts";

/** When a call with a side effect may be made again. */
export interface SafeRepeats {
  readonly side_effects: "never" | "same_key";
  readonly key: string;
}

/** Passes when no call with a side effect is made again with the same arguments, or only under the same idempotency key. */
export function repeats({ side_effects, key }: SafeRepeats): Grader {
  return async ({ trajectory }) => {
    const keys = new Map<string, string | undefined>();
    for (const { id, name, call, sideEffect } of trajectory.spans) {
      if (call === undefined || sideEffect === undefined) continue;
      const { [key]: given, ...rest } = call.arguments;
      const made = `${call.tool} ${canonicalJson(rest)}`;
      const idempotency = given === undefined ? undefined : canonicalJson(given);
      const isAgain = keys.has(made);
      const isSafe =
        side_effects === "same_key" && idempotency !== undefined && keys.get(made) === idempotency;
      if (isAgain && !isSafe) {
        return {
          kind: "fail",
          because: `${name} was made again with the same arguments${side_effects === "same_key" ? ` and not the same ${key}` : ""}`,
          expected: side_effects === "never" ? `${name} once` : `${name} again only with the same ${key}`,
          observed: excerpt(`${call.tool} ${canonicalJson(call.arguments)}`),
          spanId: id,
        };
      }
      keys.set(made, idempotency);
    }
    return { kind: "pass", because: "no call with a side effect was repeated unsafely" };
  };
}
