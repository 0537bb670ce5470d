import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import { textOf } from "../read-json.ts";
import { answerOf, givenOf } from "./answers.ts";
import type { TraceEvent } from "./trace-event.ts";

const CALLS = new Set([
  "function_call",
  "custom_tool_call",
  "local_shell_call",
  "shell_call",
  "computer_call",
]);
/** Tools that the provider runs itself, by the item that tells of them. */
const HOSTED: ReadonlyMap<string, string> = new Map([
  ["mcp_call", "mcp"],
  ["web_search_call", "web_search"],
  ["file_search_call", "file_search"],
  ["code_interpreter_call", "code_interpreter"],
  ["image_generation_call", "image_generation"],
]);
const SILENT = new Set(["reasoning", "mcp_list_tools", "item_reference", "thinking", "compaction"]);

/** Reads an item of the Responses API that is no message: a call, its answer, or both; undefined where it is none. */
export function eventsOfItem(item: JsonObject): readonly TraceEvent[] | undefined {
  const type = textOf(item.type);
  if (type === undefined || item.role !== undefined) return undefined;
  if (SILENT.has(type)) return [];
  const id = textOf(item.call_id) ?? textOf(item.id);
  if (CALLS.has(type)) {
    const name = textOf(item.name) ?? type.replace(/_call$/, "");
    const given = givenOf(item.arguments ?? item.action);
    const text = textOf(item.input);
    return [{ kind: "called", name, given: given ?? (text === undefined ? undefined : { input: text }), id }];
  }
  if (type.endsWith("_call_output")) {
    const isError = item.status === "failed" || item.status === "incomplete";
    return [{ kind: "answered", id, name: textOf(item.name), answer: answerOf(item.output, isError) }];
  }
  const hosted = HOSTED.get(type);
  if (hosted === undefined) return undefined;
  const isFailed = item.error !== undefined && item.error !== null;
  const answer = answerOf(isFailed ? item.error : hostedResult(item), isFailed);
  return [{ kind: "ran", name: textOf(item.name) ?? hosted, given: hostedGiven(item), id, answer }];
}

function hostedGiven(item: JsonObject): JsonObject | undefined {
  const given = givenOf(item.arguments ?? item.action);
  if (given !== undefined) return given;
  if (Array.isArray(item.queries)) return { queries: item.queries };
  return textOf(item.code) === undefined ? undefined : { code: item.code ?? null };
}

function hostedResult(item: JsonObject): JsonValue | undefined {
  const told = item.output ?? item.results ?? item.outputs;
  return told === null || isEmpty(told) ? undefined : told;
}

function isEmpty(value: JsonValue | undefined): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}
