import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";

const TEXT_LENGTH_MAX = 1024 * 1024;
const DEPTH_MAX = 64;
const LINES_MAX = 5_000;

/** Reads a JSON text, or gives undefined where it is none, too long or nested too deeply. */
export function readJson(text: string): JsonValue | undefined {
  const trimmed = text.trim();
  if (!/^[[{"\d\-tfn]/.test(trimmed) || trimmed.length > TEXT_LENGTH_MAX || isTooDeep(trimmed))
    return undefined;
  try {
    const value: JsonValue = JSON.parse(trimmed);
    return value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Reads one JSON value or a file of JSON lines; lines that are no JSON are left out. */
export function readJsonOrLines(text: string): JsonValue | undefined {
  const whole = readJson(text);
  if (whole !== undefined) return whole;
  const values = text
    .split("\n")
    .slice(0, LINES_MAX)
    .filter((line) => /^\s*[{[]/.test(line))
    .map(readJson)
    .filter((value) => value !== undefined);
  return values.length === 0 ? undefined : values;
}

/** Gives the members of a list that are objects, and nothing where the value is no list. */
export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((item): item is JsonObject => isJsonObject(item)) : [];
}

/** Gives a text where the value is one that holds anything. */
export function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

/** Reads a value that may be JSON inside a text, as arguments and results of tools often are. */
export function unpacked(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === "string" ? (readJson(value) ?? value) : value;
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inText && character === "\\") index += 1;
    else if (character === '"') inText = !inText;
    else if (!inText && (character === "[" || character === "{")) depth += 1;
    else if (!inText && (character === "]" || character === "}")) depth -= 1;
    if (depth > DEPTH_MAX) return true;
  }
  return false;
}
