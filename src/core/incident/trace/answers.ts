import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import { readLooseValue } from "../loose-json.ts";
import { objectsOf, readJson, textOf } from "../read-json.ts";
import type { Answer } from "./trace-event.ts";

const ERROR_TEXT = /^(?:tool\s+)?(?:error|exception|failed|failure)\s*(?:[:：]|[-–—](?=\s))\s*(\S[\s\S]*)$/i;
const LOGGED_ERROR = /^(?:ERROR|FAILED)\s+(\S[\s\S]*)$/;
/** What programs print of an exception: its name says something too. */
const THROWN = /^(?:[A-Z]\w*(?:Error|Exception)\b\s*[:(]|Traceback \(most recent)/;
const ONLY_ERROR = /^(?:tool\s+)?(?:error|exception|failed|failure)\s*[.!]?$/i;
const LEFT_OUT =
  /^[[(<]?\s*(?:\.{3}|…|\?+|unknown|not (?:known|recorded|logged)|omitted|truncated|elided|snip(?:ped)?|cut)\s*[\])>]?(?:\s*\([^()]{0,60}\))?$/i;
const CUT_END =
  /(?:\.{3}|…|\[?\(?(?:truncated|cut(?: off)?|\d+ (?:more )?(?:chars|characters|bytes|lines)(?: more| omitted| truncated)?)\)?\]?)\s*$/i;
/** Under which names programs wrap the only thing that they have to tell. */
const WRAPPERS = new Set(
  "input inputs output outputs result results tool_input args arguments kwargs content return value".split(
    " ",
  ),
);
const FAILURES = new Set(["error", "failed", "failure", "exception"]);

/** Reads a value that may be written as a text: JSON, or what Python prints. A list or object that is cut is undefined. */
export function unwrittenValue(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== "string") return value;
  const text = value.trim();
  if (LEFT_OUT.test(text)) return undefined;
  const json = readJson(text);
  if (json !== undefined) return json;
  if (!/^[[{]/.test(text)) return value;
  const read = readLooseValue(text, 0);
  if (read.state === "cut" || CUT_END.test(text)) return undefined;
  return read.state === "whole" && text.slice(read.end).trim() === "" ? read.value : value;
}

/** Reads what a call was given; undefined where that is not told or has no names. */
export function givenOf(value: JsonValue | undefined): JsonObject | undefined {
  let given = unwrittenValue(value);
  for (let inner = onlyMember(given); inner !== undefined; inner = onlyMember(given)) {
    const next = unwrittenValue(inner);
    if (!isJsonObject(next)) break;
    given = next;
  }
  if (isJsonObject(given) && isJsonObject(given.kwargs) && Array.isArray(given.args)) return given.kwargs;
  return isJsonObject(given) ? given : undefined;
}

/** The member of an object that has one, where its name says nothing. */
function onlyMember(value: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(value)) return undefined;
  const [[key, member] = [], ...others] = Object.entries(value);
  return key !== undefined && others.length === 0 && WRAPPERS.has(key) ? member : undefined;
}

/** Reads what a call came to, as messages tell it: a text, JSON, blocks; an error where it is marked or plainly begins as one. */
export function answerOf(value: JsonValue | undefined, isError = false): Answer {
  const told = unwrittenValue(plainContent(value));
  if (told === undefined || told === "")
    return isError ? { error: "error" } : told === "" ? { result: "" } : {};
  if (isError) return { error: errorText(told) };
  if (typeof told === "string") {
    const isFailure = ONLY_ERROR.test(told) || THROWN.test(told) || errorText(told) !== told;
    return isFailure ? { error: errorText(told) } : { result: told };
  }
  const failure = isJsonObject(told) ? failureIn(told) : undefined;
  return failure === undefined ? { result: told } : { error: failure };
}

/** Reads what a run gave back, out of what wraps it. */
export function outputOf(value: JsonValue | undefined): Answer {
  let told = unwrittenValue(value);
  for (let inner = onlyMember(told); inner !== undefined; inner = onlyMember(told))
    told = unwrittenValue(inner);
  if (!isJsonObject(told)) return answerOf(told);
  const message = isJsonObject(told.kwargs) ? told.kwargs : told;
  const isMessage = message.tool_call_id !== undefined || message.type === "tool" || message.role === "tool";
  return isMessage ? answerOf(message.content, message.status === "error") : answerOf(told);
}

/** The words of an error, however it is wrapped. */
export function errorText(value: JsonValue): string {
  if (typeof value === "string")
    return ERROR_TEXT.exec(value)?.[1] ?? LOGGED_ERROR.exec(value)?.[1] ?? (value.trim() || "error");
  if (!isJsonObject(value)) return JSON.stringify(value);
  const inner = value.message ?? value.error ?? value.detail;
  return inner === undefined || inner === null ? JSON.stringify(value) : errorText(inner);
}

/** An object that says nothing but that the call failed. */
function failureIn(value: JsonObject): string | undefined {
  const said = Object.entries(value).filter(([, member]) => member !== null);
  const error = said.find(([key]) => key === "error" || key === "error_message")?.[1];
  const isAlone = said.every(
    ([key, member]) =>
      key === "error" ||
      key === "error_message" ||
      member === false ||
      key === "isError" ||
      key === "is_error" ||
      FAILURES.has(String(member).toLowerCase()),
  );
  if (error === undefined || error === false || error === "" || !isAlone) return undefined;
  return typeof error === "string" || isJsonObject(error) ? errorText(error) : undefined;
}

/** Content of a message or of a tool's result: a text, or the texts and values of its blocks. */
function plainContent(value: JsonValue | undefined): JsonValue | undefined {
  if (isJsonObject(value)) {
    // The AI SDK says of each value what it is.
    const isTyped = /^(?:text|json|error-text|error-json|content)$/.test(String(value.type));
    return isTyped && value.value !== undefined ? plainContent(value.value) : value;
  }
  const blocks = objectsOf(value);
  if (!Array.isArray(value) || blocks.length === 0 || blocks.length !== value.length) return value;
  const [first] = blocks;
  if (blocks.length === 1 && first?.json !== undefined) return first.json;
  const texts = blocks.map((block) =>
    isBlock(block) ? (textOf(block.text) ?? textOf(block.content)) : undefined,
  );
  return texts.every((text) => text !== undefined) ? texts.join("\n") : value;
}

function isBlock(block: JsonObject): boolean {
  const named = Object.keys(block).filter(
    (key) => key !== "cache_control" && key !== "annotations" && key !== "id",
  );
  return named.every((key) => key === "type" || key === "text" || key === "content" || key === "index");
}
