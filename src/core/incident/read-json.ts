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

/**
 * Reads one JSON value, also between lines of prose, or a file of JSON lines. Lines that are no JSON are left out, unless
 * most of those that begin like JSON are none: then they are pieces of one value that does not hold together.
 */
export function readJsonOrLines(text: string): JsonValue | undefined {
  const whole = readJson(text) ?? readJson(betweenProse(text));
  if (whole !== undefined) return whole;
  const lines = text
    .split("\n")
    .slice(0, LINES_MAX)
    .filter((line) => /^\s*[{[]/.test(line));
  const values = lines.map(readJson).filter((value) => value !== undefined);
  return values.length * 2 > lines.length ? values : undefined;
}

/** The lines from the first that begins like JSON to the last that ends like it. */
function betweenProse(text: string): string {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => /^\s*[{[]/.test(line));
  const last = lines.findLastIndex((line) => /[}\]]\s*$/.test(line));
  return first === -1 ? "" : lines.slice(first, last + 1).join("\n");
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
