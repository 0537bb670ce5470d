import type { Recording } from "../fixture/fixture.ts";
import { isJsonObject, type JsonObject, jsonEquals, jsonIncludes } from "../json.ts";
import type { Gap } from "./trajectory.ts";

/** What the recordings of a fixture say to a call. */
export type RecordedAnswer =
  | { readonly kind: "recorded"; readonly recording: Recording }
  | { readonly kind: "gap"; readonly gap: Gap };

/** Finds the first recording whose `when` the call holds, or says that there is none and which one came nearest. */
export function matchRecording(
  recordings: readonly Recording[],
  tool: string,
  callArguments: JsonObject,
): RecordedAnswer {
  const recording = recordings.find(({ when }) => when === undefined || jsonIncludes(callArguments, when));
  if (recording !== undefined) return { kind: "recorded", recording };
  return {
    kind: "gap",
    gap: { tool, arguments: callArguments, nearest: nearestWhen(recordings, callArguments) },
  };
}

function nearestWhen(recordings: readonly Recording[], callArguments: JsonObject): JsonObject | undefined {
  let nearest: JsonObject | undefined;
  let best = -1;
  for (const { when } of recordings) {
    if (when === undefined) continue;
    const score = sharedParts(when, callArguments);
    if (score > best) {
      nearest = when;
      best = score;
    }
  }
  return nearest;
}

/** Counts what two objects share: one for a key, one more for its value. */
function sharedParts(a: JsonObject, b: JsonObject): number {
  let shared = 0;
  for (const [key, value] of Object.entries(a)) {
    const other = Object.hasOwn(b, key) ? b[key] : undefined;
    if (other === undefined) continue;
    shared += jsonEquals(value, other) ? 2 : 1;
    if (isJsonObject(value) && isJsonObject(other)) shared += sharedParts(value, other);
  }
  return shared;
}
