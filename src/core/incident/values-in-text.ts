import { isJsonObject, type JsonValue } from "../json.ts";
import { readLooseValue } from "./loose-json.ts";
import { readJson } from "./read-json.ts";

const VALUES_MAX = 5_000;
const LINES_MAX = 20_000;

/** The values that stand in a text. */
export interface ValuesInText {
  readonly values: readonly JsonValue[];
  /** The text without them: prose, and what introduces them. */
  readonly around: string;
  /** Something of them is missing, because the text ends too early or does not hold together. */
  readonly isCut: boolean;
}

/** Finds every list and object that is written in a text: one value, one on each line, or several between prose; of what is cut or broken what is whole. */
export function valuesInText(text: string): ValuesInText {
  const whole = readJson(text);
  if (whole !== undefined) return { values: [whole], around: "", isCut: false };
  const lines = jsonLines(text);
  if (lines !== undefined) return { values: lines, around: "", isCut: false };
  return scan(text);
}

/** A file of JSON lines is read by the line, which is far quicker. */
function jsonLines(text: string): readonly JsonValue[] | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  if (lines.length > LINES_MAX || !lines.every((line) => /^\s*\{.*\}\s*$/.test(line))) return undefined;
  const values = lines.map(readJson);
  return values.every((value) => value !== undefined) ? values : undefined;
}

function scan(text: string): ValuesInText {
  const values: JsonValue[] = [];
  const around: string[] = [];
  let isCut = false;
  let kept = 0;
  // Python prints an object as a call with its fields.
  const opening = /[[{]|\b[A-Z]\w{0,60}\((?=[a-z_]\w{0,60}=)/g;
  for (let found = opening.exec(text); found !== null; found = opening.exec(text)) {
    if (values.length >= VALUES_MAX) break;
    const read = readLooseValue(text, found.index);
    // Reading goes on where it stopped, so that every character is read once.
    opening.lastIndex = Math.max(found.index + 1, read.end);
    if (read.value === undefined || !isValue(read.value)) continue;
    values.push(read.value);
    around.push(text.slice(kept, found.index));
    kept = read.end;
    if (read.state !== "whole") isCut = true;
  }
  return { values, around: `${around.join("\n")}\n${text.slice(kept)}`, isCut };
}

/** Brackets in prose hold no object. */
function isValue(value: JsonValue): boolean {
  return Array.isArray(value)
    ? value.some(isJsonObject)
    : isJsonObject(value) && Object.keys(value).length > 0;
}
