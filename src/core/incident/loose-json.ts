import type { JsonValue } from "../json.ts";

const DEPTH_MAX = 64;
const MEMBERS_MAX = 100_000;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[\p{L}_$][\p{L}\p{N}_$.-]*/uy;
const SPACE = /(?:\s|\.{3}|…|\/\/[^\n]*|#[^\n]*|\/\*[^*]{0,500}\*\/)+/y;
const RAW = /<[^<>\n]{0,500}>/y;
const CLOSING: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "`": "`",
  "“": "“”",
  "”": "“”",
  "„": "“”",
  "‘": "‘’",
  "’": "‘’",
};
const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f", "\n": "" };
const CONSTANTS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["null", null],
  ["None", null],
  ["nil", null],
  ["undefined", null],
  ["NaN", null],
]);
/** What half of it would say something else than the whole. */
const INDIVISIBLE = new Set(
  "input inputs arguments args kwargs parameters params output outputs result response return returned state".split(
    " ",
  ),
);

/** What was read of a text from one place on. */
export interface LooseValue {
  /** Undefined where nothing of it is whole. */
  readonly value: JsonValue | undefined;
  /** Where reading stopped. */
  readonly end: number;
  /** `cut` where the text ends before the value does, `broken` where it stops to be one; both hold what is whole. */
  readonly state: "whole" | "cut" | "broken";
}

interface Reading {
  readonly text: string;
  at: number;
  members: number;
  state: LooseValue["state"];
}

/**
 * Reads one value at a place as people and programs paste them: JSON, also with comments, trailing commas, curly or single
 * quotes and bare keys; what Python prints, objects with named arguments among it. Of a value that is cut or broken it keeps
 * what is whole; half of a call's arguments or of an answer is dropped.
 */
export function readLooseValue(text: string, start: number): LooseValue {
  const reading: Reading = { text, at: start, members: 0, state: "whole" };
  const value = readValue(reading, "", 0);
  return { value, end: reading.at, state: reading.state };
}

function readValue(reading: Reading, key: string, depth: number): JsonValue | undefined {
  skipSpace(reading);
  const first = reading.text[reading.at];
  if (first === undefined) return stop(reading, "cut");
  if (depth > DEPTH_MAX) return stop(reading, "broken");
  if (first === "{") return whole(reading, key, readMembers(reading, "}", depth));
  if (first === "[" || first === "(") {
    const items = readItems(reading, first === "[" ? "]" : ")", depth);
    return reading.state === "whole" || !INDIVISIBLE.has(key) || items.some(hasType) ? items : undefined;
  }
  if (CLOSING[first] !== undefined) return readText(reading, first);
  if (first === "<") return match(reading, RAW) ?? stop(reading, "broken");
  const number = match(reading, NUMBER);
  if (number !== undefined) return Number(number);
  return readWord(reading, key, depth);
}

/** Half an object stays only where it is an item of a list or leads to one. */
function whole(
  reading: Reading,
  key: string,
  members: readonly (readonly [string, JsonValue])[],
): JsonValue | undefined {
  if (reading.state !== "whole" && (INDIVISIBLE.has(key) || members.length === 0)) return undefined;
  return Object.fromEntries(members);
}

function hasType(item: JsonValue): boolean {
  return typeof item === "object" && item !== null && "type" in item;
}

function readItems(reading: Reading, closing: string, depth: number): readonly JsonValue[] {
  const items: JsonValue[] = [];
  reading.at += 1;
  while (!isAt(reading, closing)) {
    const item = readValue(reading, "", depth + 1);
    if (item !== undefined) items.push(item);
    if (!readComma(reading, closing)) return items;
  }
  reading.at += 1;
  return items;
}

function readMembers(
  reading: Reading,
  closing: string,
  depth: number,
): readonly (readonly [string, JsonValue])[] {
  const members: (readonly [string, JsonValue])[] = [];
  reading.at += 1;
  while (!isAt(reading, closing)) {
    const key = readKey(reading);
    if (key === undefined) return members;
    // A person who writes `{...}` or `"result": ...` says that something was left out.
    if (isElided(reading)) {
      if (!readComma(reading, closing)) return members;
      continue;
    }
    const value = readValue(reading, key, depth + 1);
    if (value !== undefined) members.push([key, value]);
    if (!readComma(reading, closing)) return members;
  }
  reading.at += 1;
  return members;
}

function readKey(reading: Reading): string | undefined {
  skipSpace(reading);
  const first = reading.text[reading.at] ?? "";
  const key =
    CLOSING[first] === undefined
      ? (match(reading, WORD) ?? match(reading, NUMBER))
      : readText(reading, first);
  if (key === undefined || reading.state !== "whole")
    return stop(reading, reading.at >= reading.text.length ? "cut" : "broken");
  const at = reading.at;
  while (/\s/.test(reading.text[reading.at] ?? "")) reading.at += 1;
  const mark = reading.text[reading.at];
  if (mark !== ":" && mark !== "=") {
    reading.at = mark === undefined ? reading.at : at;
    return stop(reading, mark === undefined ? "cut" : "broken");
  }
  reading.at += 1;
  return key;
}

function isElided(reading: Reading): boolean {
  const next = /\s*(?:\.{3}|…|\{\s*(?:\.{3}|…)\s*\}|\[\s*(?:\.{3}|…)\s*\])\s*(?=[,}\])])/y;
  return match(reading, next) !== undefined;
}

/** Takes the comma after a member; false where nothing more of the container can be read. */
function readComma(reading: Reading, closing: string): boolean {
  if (reading.state !== "whole") return false;
  reading.members += 1;
  skipSpace(reading);
  const next = reading.text[reading.at];
  if (next === ",") reading.at += 1;
  else if (next !== closing) stop(reading, next === undefined ? "cut" : "broken");
  if (reading.members > MEMBERS_MAX) stop(reading, "broken");
  return reading.state === "whole";
}

function readText(reading: Reading, opening: string): string | undefined {
  const { text } = reading;
  const closing = CLOSING[opening] ?? opening;
  const parts: string[] = [];
  let from = reading.at + 1;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (character === "\\") {
      const [told, length] = escapeAt(text, at);
      parts.push(text.slice(from, at), told);
      at += length - 1;
      from = at + 1;
    } else if (closing.includes(character)) {
      reading.at = at + 1;
      return parts.join("") + text.slice(from, at);
    } else if (character === "\n" && opening !== '"') {
      reading.at = at;
      return stop(reading, "broken");
    }
  }
  reading.at = text.length;
  return stop(reading, "cut");
}

function escapeAt(text: string, at: number): readonly [string, number] {
  const next = text[at + 1] ?? "";
  const digits = next === "u" ? 4 : next === "x" ? 2 : 0;
  const code = text.slice(at + 2, at + 2 + digits);
  if (digits > 0 && new RegExp(`^[0-9a-f]{${digits}}$`, "i").test(code))
    return [String.fromCharCode(Number.parseInt(code, 16)), digits + 2];
  return [ESCAPES[next] ?? next, 2];
}

/** Reads a constant, or an object as Python prints it: `ToolMessage(content='…', status='error')`. */
function readWord(reading: Reading, key: string, depth: number): JsonValue | undefined {
  const word = match(reading, WORD);
  if (word === undefined) return stop(reading, "broken");
  const next = reading.text[reading.at] ?? "";
  if (/^[bru]$/i.test(word) && (next === "'" || next === '"')) return readText(reading, next);
  if (next !== "(") return CONSTANTS.has(word) ? CONSTANTS.get(word) : stop(reading, "broken");
  const isNamed = /\(\s*(?:[\p{L}_]\w*\s*=|\))/uy;
  isNamed.lastIndex = reading.at;
  if (isNamed.test(reading.text)) {
    const members = readMembers(reading, ")", depth);
    const isTyped = members.some(([name]) => name === "type" || name === "role");
    return whole(reading, key, isTyped ? members : [["type", word], ...members]);
  }
  const start = reading.at;
  const items = readItems(reading, ")", depth);
  if (reading.state !== "whole") return undefined;
  return items.length === 1 ? items[0] : word + reading.text.slice(start, reading.at);
}

function skipSpace(reading: Reading): void {
  match(reading, SPACE);
}

function isAt(reading: Reading, closing: string): boolean {
  skipSpace(reading);
  return reading.text[reading.at] === closing;
}

function match(reading: Reading, pattern: RegExp): string | undefined {
  pattern.lastIndex = reading.at;
  const found = pattern.exec(reading.text)?.[0];
  if (found !== undefined) reading.at += found.length;
  return found;
}

function stop(reading: Reading, state: "cut" | "broken"): undefined {
  if (reading.state === "whole") reading.state = state;
  return undefined;
}
