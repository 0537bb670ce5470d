import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { readJson } from "./read-json.ts";

const ARGUMENTS_MAX = 50;
const KEY = /^\s*["'`]?([\p{L}_][\p{L}\p{N}_.-]{0,99})["'`]?\s*[:=]\s*/u;
const OPENING = "([{";
const CLOSING = ")]}";

/** Reads the arguments of a call as people note them: JSON, `key="value"` or `key: value`; undefined where they are not named. */
export function readArguments(written: string): JsonObject | undefined {
  const text = written.trim();
  if (text === "") return {};
  if (/^(\.{3}|…|\?)$/.test(text)) return undefined;
  const json = readJson(text) ?? readJson(`{${text}}`);
  if (json !== undefined) return isJsonObject(json) ? json : undefined;
  const inner = text.startsWith("{") && text.endsWith("}") ? text.slice(1, -1) : text;
  const members: [string, JsonValue][] = [];
  for (const part of splitTopLevel(inner).slice(0, ARGUMENTS_MAX)) {
    const key = KEY.exec(part);
    if (key?.[1] === undefined) return undefined;
    members.push([key[1], readScalar(part.slice(key[0].length))]);
  }
  return Object.fromEntries(members);
}

/** Reads one value as people note it: JSON, a quoted text, a word of JavaScript or Python, else the text itself. */
export function readScalar(written: string): JsonValue {
  const text = written.trim();
  const quoted = /^(?:'([^']*)'|`([^`]*)`|“([^”]*)”)$/.exec(text);
  if (quoted !== null) return quoted.slice(1).find((inner) => inner !== undefined) ?? "";
  if (text === "True") return true;
  if (text === "False") return false;
  if (text === "None" || text === "undefined") return null;
  return readJson(text) ?? text;
}

/** Finds the place of the parenthesis that closes the one at `open`, minding quotes; -1 where none does. */
export function closingParenthesis(text: string, open: number): number {
  let depth = 0;
  let quote = "";
  for (let index = open; index < text.length; index += 1) {
    const character = text[index] ?? "";
    if (quote !== "") {
      if (character === "\\") index += 1;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = isQuote(text, index) ? character : "";
    else if (OPENING.includes(character)) depth += 1;
    else if (CLOSING.includes(character)) depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}

function splitTopLevel(text: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = "";
  let start = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? "";
    if (quote !== "") {
      if (character === "\\") index += 1;
      else if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = isQuote(text, index) ? character : "";
    else if (OPENING.includes(character)) depth += 1;
    else if (CLOSING.includes(character)) depth -= 1;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)].filter((part) => part.trim() !== "");
}

/** An apostrophe inside a word quotes nothing. */
function isQuote(text: string, index: number): boolean {
  return text[index] === '"' || !/[\p{L}\p{N}]/u.test(text[index - 1] ?? " ");
}
