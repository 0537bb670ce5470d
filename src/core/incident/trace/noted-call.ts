import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import { readLooseValue } from "../loose-json.ts";
import { closingParenthesis, readArguments, readScalar } from "../read-arguments.ts";
import { answerOf } from "./answers.ts";
import { eventsOfRecord } from "./record-events.ts";
import type { Answer, TraceEvent } from "./trace-event.ts";

const NAME = String.raw`[\p{L}_][\p{L}\p{N}_.:/-]{0,99}`;
const CALL = new RegExp(String.raw`^[\x60*"]{0,3}(${NAME})[\x60*"]{0,3}\s*\(`, "u");
const NAMED = new RegExp(
  String.raw`^[\x60*"]{0,3}(${NAME}?)[\x60*"]{0,3}\s*(?:(?:again|once more)\s+)?(?:[:：,]\s*)?(?:(?:with|using|given|args|arguments|input|params|parameters)\b\s*[:=]?\s*)?(?=[\x60]?[{])`,
  "u",
);
const PAIRS = new RegExp(
  String.raw`^[\x60*"]{0,3}(${NAME}?)[\x60*"]{0,3}(?:\s+(?:with|using))?[\s:,]+(?=[\p{L}_][\w.-]{0,60}\s*=\s*\S)`,
  "u",
);
const ARROW =
  /^[\x60\s,;.]*(?:→|->|-->|=>|⇒|⟶|➜|➔|←|<-|⇐|=|:|\||(?:and\s+|which\s+|it\s+)*(?:returned|returns|gave|gives|answered|gets?|got(?:\s+back)?|results?\s+in|result|output)\s*[:=]?)\s*/iu;
const FAILED =
  /^[\x60\s,;.]*(?:(?:and|but|which|that|it)\s+){0,2}(?:failed|errored|threw|raised)(?:\s+with)?\s*[:=]?\s*(?=\S)/iu;
const MORE = /^[\x60\s]*(?:,|;|then\b)\s*(\S.*)$/su;
const SHELL_FLAG = /--?([A-Za-z][\w-]{0,60})(?:=|\s+(?!-))("(?:[^"\\]|\\.)*"|'[^']*'|\{.*\}(?=\s|$)|\S+)/g;

/** Reads a call as people and logs write it, with its answer where one stands behind it: `name(args) → answer`, `name {…}`, JSON with the tool in it. */
export function notedCall(written: string): readonly TraceEvent[] | undefined {
  const text = written.trim().replace(/^[\x60*]+(?=\{)/, "");
  if (text.startsWith("{")) return recordCall(text);
  const call = CALL.exec(text);
  const close = call === null ? -1 : closingParenthesis(text, call[0].length - 1);
  if (call?.[1] !== undefined && close !== -1) {
    const inner = text.slice(call[0].length, close);
    return withRest(call[1], readArguments(inner) ?? looseObject(inner), text.slice(close + 1));
  }
  const named = NAMED.exec(text);
  if (named?.[1] !== undefined && named[1] !== "") {
    const at = named[0].length + (text[named[0].length] === "\x60" ? 1 : 0);
    const read = readLooseValue(text, at);
    const given = read.state === "whole" ? read.value : readArguments(text.slice(at));
    const end = read.state === "whole" ? read.end : text.length;
    if (isJsonObject(given)) return withRest(named[1].replace(/:$/, ""), given, text.slice(end));
  }
  return pairedCall(text);
}

function looseObject(inner: string): JsonObject | undefined {
  const read = readLooseValue(`{${inner}}`, 0);
  return read.state === "whole" && isJsonObject(read.value) ? read.value : undefined;
}

function recordCall(text: string): readonly TraceEvent[] | undefined {
  const read = readLooseValue(text, 0);
  if (!isJsonObject(read.value)) return undefined;
  const events = eventsOfRecord(read.value);
  const [first] = events;
  if (first?.kind !== "called") return events.length > 0 ? events : undefined;
  return withRest(first.name, first.given, text.slice(read.end));
}

/** Reads `name key=value key="value"`. */
function pairedCall(text: string): readonly TraceEvent[] | undefined {
  const found = PAIRS.exec(text);
  if (found?.[1] === undefined || found[1] === "") return undefined;
  const { pairs, end } = readPairs(text, found[0].length);
  return pairs.length === 0 ? undefined : withRest(found[1], Object.fromEntries(pairs), text.slice(end));
}

function withRest(name: string, given: JsonObject | undefined, rest: string): readonly TraceEvent[] {
  const called: TraceEvent = { kind: "called", name: name.replace(/^tool:/, ""), given, id: undefined };
  const failed = FAILED.exec(rest)?.[0];
  if (failed !== undefined)
    return [called, ...notedAnswer(`error: ${withoutMarks(rest.slice(failed.length))}`)];
  const arrow = ARROW.exec(rest)?.[0];
  if (arrow !== undefined) return [called, ...notedAnswer(rest.slice(arrow.length))];
  const more = MORE.exec(rest)?.[1];
  return more === undefined ? [called] : [called, ...(notedCall(more) ?? [])];
}

/** Reads an answer as people and logs write it; nothing where they write that it is not known. */
export function notedAnswer(written: string, name?: string): readonly TraceEvent[] {
  const answer = answerIn(written);
  return answer === undefined ? [] : [{ kind: "answered", id: undefined, name, answer }];
}

function answerIn(written: string): Answer | undefined {
  const text = withoutMarks(written.trim());
  if (
    text === "" ||
    /^(?:no (?:result|response|answer)(?: (?:logged|recorded|shown))?|not logged)\.?$/i.test(text)
  )
    return undefined;
  const value = /^[[{]/.test(text) ? valueBefore(text) : readScalar(text);
  const answer = answerOf(typeof value === "string" ? value : (value ?? text));
  return answer.result === undefined && answer.error === undefined ? undefined : answer;
}

/** Behind a value a log may say how long it took. */
function valueBefore(text: string): JsonValue | undefined {
  const read = readLooseValue(text, 0);
  const isAll = /^\s*(?:[([][\w\s.,:%/-]{0,40}[)\]]|[.,;]|\d+(?:\.\d+)?\s*m?s)?\s*$/.test(
    text.slice(read.end),
  );
  return read.state === "whole" && isAll ? read.value : undefined;
}

function withoutMarks(text: string): string {
  return (
    /^(?:\x60([^\x60]*)\x60|"([^"]*)"|“([^”]*)”)[.,;]?$/
      .exec(text)
      ?.slice(1)
      .find((inner) => inner !== undefined) ?? text
  );
}

/** Reads `key=value` pairs from a place on, to the first thing that is none. */
export function readPairs(
  text: string,
  start: number,
): { readonly pairs: readonly [string, JsonValue][]; readonly end: number } {
  const pairs: [string, JsonValue][] = [];
  const key = /[\s,;]*([\p{L}_][\w.-]{0,60})\s*=\s*(?=\S)/uy;
  let end = start;
  while (pairs.length < 50) {
    key.lastIndex = end;
    const found = key.exec(text);
    if (found?.[1] === undefined) break;
    const value = valueAt(text, key.lastIndex);
    pairs.push([found[1], value.value]);
    end = value.end;
  }
  return { pairs, end };
}

function valueAt(text: string, start: number): { readonly value: JsonValue; readonly end: number } {
  if (/["'“{[]/.test(text[start] ?? "")) {
    const read = readLooseValue(text, start);
    if (read.state === "whole" && read.value !== undefined) return { value: read.value, end: read.end };
  }
  const bare = /[^\s,;]*/y;
  bare.lastIndex = start;
  const word = bare.exec(text)?.[0] ?? "";
  return { value: readScalar(word), end: start + word.length };
}

/** Reads a command with flags: a program that is named like a tool is the tool, any other ran in a shell. */
export function shellCall(command: string): readonly TraceEvent[] {
  const [program = "", ...rest] = command.trim().split(/\s+/);
  if (!/^[a-z]\w*_\w+$/i.test(program))
    return [{ kind: "called", name: "shell", given: { command: command.trim() }, id: undefined }];
  const flags = [...command.matchAll(SHELL_FLAG)].map(([, name = "", value = ""]): [string, JsonValue] => [
    name.replaceAll("-", "_"),
    readScalar(value.replace(/^"(.*)"$/, '"$1"')),
  ]);
  const inline =
    flags.length > 0 || rest.length === 0
      ? []
      : readPairs(command, command.indexOf(program) + program.length).pairs;
  const pairs = [...flags, ...inline];
  const given = pairs.length > 0 || rest.length === 0 ? Object.fromEntries(pairs) : undefined;
  return [{ kind: "called", name: program, given, id: undefined }];
}
