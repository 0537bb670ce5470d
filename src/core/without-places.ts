import type { z } from "zod";
import { isJsonObject, type JsonValue } from "./json.ts";

/** Takes out of a value the places that do not fit its schema, so that the rest can be looked at. */
export function withoutPlaces(value: JsonValue, issues: readonly z.core.$ZodIssue[]): JsonValue {
  return wrongPlaces(issues).reduce(withoutPlace, value);
}

function withoutPlace(value: JsonValue, place: readonly string[]): JsonValue {
  const [step, ...rest] = place;
  if (step === undefined || !isJsonObject(value) || !Object.hasOwn(value, step)) return value;
  const { [step]: inner, ...others } = value;
  // A list loses its problem only as a whole, as taking an item out would move those behind it.
  if (rest.length === 0 || inner === undefined || !isJsonObject(inner)) return others;
  return { ...value, [step]: withoutPlace(inner, rest) };
}

/** Lists the places that issues of a schema are about; an unknown key is a place of its own. */
export function wrongPlaces(issues: readonly z.core.$ZodIssue[]): readonly (readonly string[])[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map(String);
    return issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...path, key]) : [path];
  });
}
