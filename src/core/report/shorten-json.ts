import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { stripInvisible, truncate } from "../text/markdown.ts";

const STRING_LENGTH_MAX = 1_000;
const MEMBERS_MAX = 50;
const DEPTH_MAX = 12;

/** Shortens what people read only: long texts are cut, long lists and deep places left out. */
function shortenJson(value: JsonValue, depth = DEPTH_MAX): JsonValue {
  if (typeof value === "string") return truncate(stripInvisible(value), { charactersMax: STRING_LENGTH_MAX });
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return "…";
  if (isJsonObject(value)) return shortenObject(value, depth);
  return value.slice(0, MEMBERS_MAX).map((item) => shortenJson(item, depth - 1));
}

/** Shortens an object, as `shortenJson` does. */
export function shortenObject(value: JsonObject, depth = DEPTH_MAX): JsonObject {
  return Object.fromEntries(
    Object.entries(value)
      .slice(0, MEMBERS_MAX)
      .map(([key, member]) => [stripInvisible(key), shortenJson(member, depth - 1)]),
  );
}
