import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/core/json.ts";

/** The object at a member, or an empty one. */
export function objectAt(value: JsonValue | undefined, ...keys: readonly string[]): JsonObject {
  const found = keys.reduce<JsonValue | undefined>(
    (current, key) => (isJsonObject(current) ? current[key] : undefined),
    value,
  );
  return isJsonObject(found) ? found : {};
}

/** The text at a member, or an empty one. */
export function textAt(value: JsonValue | undefined, key: string): string {
  const found = objectAt(value)[key];
  return typeof found === "string" ? found : "";
}

/** The number at a member; not a number where there is none. */
export function numberAt(value: JsonValue | undefined, key: string): number {
  return Number(objectAt(value)[key] ?? Number.NaN);
}

/** The objects in a list, or none. */
export function listOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item: JsonValue) => isJsonObject(item)) : [];
}
