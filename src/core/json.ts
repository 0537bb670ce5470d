import { z } from "zod";

/** Any value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/** Reads any JSON value; the limits on depth and size are those of the document that it came from. */
export const jsonValue: z.ZodType<JsonValue> = z.json();

/** Reads any JSON object. */
export const jsonObject: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** Tells objects from the other JSON values. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Writes a value with its keys sorted, so that equal values give equal text. */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key] ?? null)}`);
  return `{${members.join(",")}}`;
}

/** Tells whether two values are the same, whatever the order of their keys. */
export function jsonEquals(a: JsonValue, b: JsonValue): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

/** Tells whether every member of `pattern` is found in `value`, deeply; lists must match item by item. */
export function jsonIncludes(value: JsonValue | undefined, pattern: JsonValue): boolean {
  if (value === undefined) return false;
  if (!isJsonObject(pattern)) return jsonEquals(value, pattern);
  if (!isJsonObject(value)) return false;
  return Object.entries(pattern).every(([key, expected]) => jsonIncludes(value[key], expected));
}

/** Tells whether a value nests deeper than this, without descending further than it takes to tell. */
export function isDeeperThan(value: JsonValue, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((member) => isDeeperThan(member, levels - 1));
}
