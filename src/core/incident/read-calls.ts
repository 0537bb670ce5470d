import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { fencesOf, unquote } from "./field-text.ts";
import type { ReportedCall } from "./postmortem.ts";
import { closingParenthesis, readArguments, readScalar } from "./read-arguments.ts";
import { objectsOf, readJson, readJsonOrLines, textOf, unpacked } from "./read-json.ts";
import { readToolNames } from "./read-list.ts";

const CALLS_MAX = 200;
const LINES_MAX = 2_000;
const LINE_LENGTH_MAX = 8_000;
const CALL = /^(?:tool:|call(?:ed)?:?\s+)?[`*]{0,2}([A-Za-z_][\w.:/-]{0,99})[`*]{0,2}\s*\(/;
const JSON_CALL = /^[`*]{0,2}([A-Za-z_][\w.-]{0,99})[`*]{0,2}\s*:?\s*(?=\{)/;
const RESULT =
  /^(?:←|<-|⇐|=>|<=|(?:tool[ _]?)?(?:result|output)\s*[:=]|observation\s*:|returned\s*:?|returns\s*:?)\s*/i;
const GIVEN = /^(?:(?:action|tool)[ _])?(?:input|args|arguments|parameters)\s*[:=]\s*(?=\{)/i;
const PREFIX = /^(?:tool(?:[ _](?:call|use))?|function(?:[ _]call)?|action)\s*:\s*/i;
const TIME =
  /^\[?(?:\d{4}-\d\d-\d\d[T ]?)?(?:\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,6})?)?Z?)?\]?\s+(?:\[?(?:INFO|DEBUG|TRACE)\]?:?\s+)?/;
const LOGGED =
  /\btool(?:[ _](?:name|call))?\s*[=:]\s*"?([A-Za-z_][\w.-]{0,99})"?[\s,]+(?:args|arguments|input|params|parameters)\s*[=:]\s*(?=\{)/i;
const LOGGED_RESULT = /^[\s,]*(?:result|output|response|return(?:ed|s)?)\s*[=:]\s*/i;
const AFTER_CALL = /^`?\s*(?:→|->|=>|⇒|-->|:|=|returned|returns|gave)\s*/i;
const SHELL = /^\$\s+(\S+)\s*(.*)$/;

/** Reads noted tool calls: arrow notes, `name(args)` with or without a result, shell lines, bare names, JSON. */
export function readCalls(written: string): readonly ReportedCall[] {
  const fences = fencesOf(written).filter(({ language }) => language !== "mermaid");
  const json = [written, ...fences.map(({ content }) => content)]
    .map(readJsonOrLines)
    .map(callsInJson)
    .find((calls) => calls.length > 0);
  if (json !== undefined) return json.slice(0, CALLS_MAX);
  return readNotes(unquote(written));
}

/** Reads calls noted line by line. */
function readNotes(text: string): readonly ReportedCall[] {
  const calls: ReportedCall[] = [];
  for (const written of text.split("\n").slice(0, LINES_MAX)) {
    if (calls.length >= CALLS_MAX) break;
    const line = written.slice(0, LINE_LENGTH_MAX).trim();
    if (/^(`{3,}|~{3,})/.test(line)) continue;
    const plain = line.replace(/^(?:[-*+•]|\d{1,3}[.)])\s+/, "").replace(TIME, "");
    const last = calls.at(-1);
    const more = last === undefined ? undefined : readContinuation(plain, last);
    if (last !== undefined && more !== undefined) calls.splice(-1, 1, more);
    else if (!RESULT.test(plain) && !isJson(plain))
      calls.push(...readCallLine(plain.replace(/^(?:→|->|⇒|>)\s*/, "").replace(PREFIX, "")));
  }
  return calls;
}

/** Reads a line that goes on with the call before it: what the tool was given or what it answered. */
function readContinuation(line: string, last: ReportedCall): ReportedCall | undefined {
  const given = GIVEN.exec(line)?.[0];
  if (given !== undefined && last.arguments === undefined)
    return { ...last, arguments: readArguments(line.slice(given.length)) };
  const result = RESULT.exec(line)?.[0] ?? (isJson(line) ? "" : undefined);
  if (result === undefined) return undefined;
  return last.result === undefined ? withResult(last, line.slice(result.length)) : last;
}

/** What a shell or a log prints after a call. */
function isJson(line: string): boolean {
  return /^[[{]/.test(line) && readJson(line) !== undefined;
}

/** Reads a line of a log such as `tool=get_balance args={…} result={…}`. */
function readLogged(line: string): ReportedCall | undefined {
  const found = LOGGED.exec(line);
  if (found?.[1] === undefined) return undefined;
  const open = found.index + found[0].length;
  const close = closingParenthesis(line, open);
  if (close === -1) return undefined;
  const call = unknownResult(found[1], readArguments(line.slice(open, close + 1)));
  const after = line.slice(close + 1);
  const result = LOGGED_RESULT.exec(after)?.[0];
  return result === undefined ? call : withResult(call, after.slice(result.length));
}

function readCallLine(line: string): readonly ReportedCall[] {
  const logged = readLogged(line);
  if (logged !== undefined) return [logged];
  const shell = SHELL.exec(line);
  if (shell !== null) return [shellCall(shell[1] ?? "", shell[2] ?? "", line)];
  const call = CALL.exec(line);
  const close = call === null ? -1 : closingParenthesis(line, call[0].length - 1);
  if (call?.[1] !== undefined && close !== -1) {
    const reported = unknownResult(call[1], readArguments(line.slice(call[0].length, close)));
    const after = line.slice(close + 1);
    const arrow = AFTER_CALL.exec(after)?.[0];
    if (arrow !== undefined) return [withResult(reported, after.slice(arrow.length))];
    // Several calls on one line are separated by commas or arrows.
    const more = /^`?\s*(?:,|;|→|->|then)\s*(.+)$/.exec(after)?.[1];
    return more === undefined ? [reported] : [reported, ...readCallLine(more)];
  }
  const given = readJsonCall(line);
  if (given !== undefined) return [given];
  return readToolNames(line).map((name) => unknownResult(name, undefined));
}

/** Reads `name {…}`, with or without what came back. */
function readJsonCall(line: string): ReportedCall | undefined {
  const found = JSON_CALL.exec(line);
  const close = found === null ? -1 : closingParenthesis(line, found[0].length);
  if (found?.[1] === undefined || close === -1) return undefined;
  const call = unknownResult(found[1], readArguments(line.slice(found[0].length, close + 1)));
  const after = line.slice(close + 1);
  const arrow = AFTER_CALL.exec(after)?.[0];
  if (arrow !== undefined) return withResult(call, after.slice(arrow.length));
  return after.trim() === "" ? call : undefined;
}

function withResult(call: ReportedCall, written: string): ReportedCall {
  const text = written.trim().replace(/^`(.*)`$/, "$1");
  if (text === "" || /^(\?|unknown|not known|not recorded)$/i.test(text)) return call;
  const error = /^(?:error|failed|failure|exception)\b\s*:?\s*(.*)$/i.exec(text);
  return error === null ? { ...call, result: readScalar(text) } : { ...call, error: error[1] || text };
}

function unknownResult(tool: string, given: JsonObject | undefined): ReportedCall {
  return { tool, arguments: given, result: undefined };
}

/** A program whose name is written like a tool is the tool; any other ran in a shell. */
function shellCall(program: string, rest: string, line: string): ReportedCall {
  if (!/^[a-z]\w*_\w+$/i.test(program)) {
    return unknownResult("shell", { command: line.replace(/^\$\s+/, "") });
  }
  const flags = [...rest.matchAll(/--([\w-]{1,60})(?:=|\s+)("[^"]*"|'[^']*'|[^\s-]\S*)/g)];
  const given = flags.map((flag): [string, JsonValue] => [
    (flag[1] ?? "").replaceAll("-", "_"),
    readScalar(flag[2] ?? ""),
  ]);
  return unknownResult(program, flags.length > 0 || rest === "" ? Object.fromEntries(given) : undefined);
}

/** Reads calls out of JSON: one object for each with its name, arguments and result, or their list. */
function callsInJson(value: JsonValue | undefined): readonly ReportedCall[] {
  if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string")) {
    return value.flatMap((item) => readCallLine(item));
  }
  const items = isJsonObject(value)
    ? Array.isArray(value.tool_calls)
      ? objectsOf(value.tool_calls)
      : [value]
    : objectsOf(value).flatMap((item) =>
        Array.isArray(item.tool_calls) ? objectsOf(item.tool_calls) : [item],
      );
  return items.flatMap((item) => {
    const inner = isJsonObject(item.function) ? item.function : item;
    const tool =
      textOf(inner.name) ?? textOf(inner.tool) ?? textOf(inner.tool_name) ?? textOf(inner.toolName);
    if (tool === undefined) return [];
    const given = unpacked(inner.arguments ?? inner.args ?? inner.input ?? inner.parameters);
    const result = unpacked(item.result ?? item.return ?? item.output ?? item.response);
    const error = textOf(item.error);
    const call = { tool, arguments: isJsonObject(given) ? given : undefined, result };
    return [error === undefined ? call : { ...call, error }];
  });
}
