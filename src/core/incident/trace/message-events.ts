import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import { objectsOf, textOf } from "../read-json.ts";
import { answerOf, givenOf } from "./answers.ts";
import { eventsOfItem } from "./response-items.ts";
import type { TraceEvent } from "./trace-event.ts";

type Role = "user" | "assistant" | "tool" | "system";

const ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["user", "user"],
  ["human", "user"],
  ["customer", "user"],
  ["humanmessage", "user"],
  ["humanmessagechunk", "user"],
  ["assistant", "assistant"],
  ["ai", "assistant"],
  ["model", "assistant"],
  ["agent", "assistant"],
  ["bot", "assistant"],
  ["chatbot", "assistant"],
  ["aimessage", "assistant"],
  ["aimessagechunk", "assistant"],
  ["chatcompletionmessage", "assistant"],
  ["tool", "tool"],
  ["function", "tool"],
  ["ipython", "tool"],
  ["toolmessage", "tool"],
  ["functionmessage", "tool"],
  ["tool_message", "tool"],
  ["system", "system"],
  ["developer", "system"],
  ["systemmessage", "system"],
]);
/** Under these a log, a session file or an envelope holds the message itself. */
const ENVELOPES = ["message", "payload", "data", "kwargs", "item", "raw_item", "delta"] as const;
const WRAPS_MAX = 4;

/** Reads one message or item of a conversation in any dialect that we know; nothing where it is none. */
export function eventsOfMessage(written: JsonObject): readonly TraceEvent[] {
  const message = unwrapped(written);
  const item = eventsOfItem(message);
  if (item !== undefined) return item;
  const role = roleOf(message) ?? (objectsOf(message.tool_calls).length > 0 ? "assistant" : undefined);
  if (role === undefined) return blockEvents(message);
  if (role === "tool") return toolMessage(message);
  const blocks = message.content ?? message.parts ?? message.contents;
  const calls = [...blockCalls(message.tool_calls), ...blockCalls(message.toolInvocations)];
  const legacy = isJsonObject(message.function_call) ? callEvents(message.function_call, undefined) : [];
  const events = [...contentEvents(blocks, role), ...calls, ...legacy, ...stopOf(message)];
  // Several dialects repeat the calls of their blocks in a list of their own.
  return withoutRepeatedIds(events);
}

/** Gives who speaks in a message. */
export function roleOf(message: JsonObject): Role | undefined {
  const told = [message.role, message.type, message.author].map((name) =>
    typeof name === "string" ? ROLES.get(name.toLowerCase()) : undefined,
  );
  return told.find((role) => role !== undefined);
}

/** Takes a message out of what carries it: a line of a session, a stored object, a choice. */
export function unwrapped(written: JsonObject): JsonObject {
  let message = written;
  for (let count = 0; count < WRAPS_MAX; count += 1) {
    if (message.role !== undefined && (message.content !== undefined || message.parts !== undefined)) break;
    const inner: JsonObject | undefined = ENVELOPES.map((key) => message[key]).find(isJsonObject);
    const isADK = isJsonObject(message.content) && Array.isArray(message.content.parts);
    const next = inner ?? (isADK && isJsonObject(message.content) ? message.content : undefined);
    if (next === undefined) break;
    const kind = lastName(message.id) ?? message.type;
    message =
      kind === undefined || next.type !== undefined || next.role !== undefined
        ? next
        : { type: kind, ...next };
  }
  return message;
}

/** LangChain stores the class of a message as a path. */
function lastName(id: JsonValue | undefined): JsonValue | undefined {
  return Array.isArray(id) ? id.at(-1) : undefined;
}

function toolMessage(message: JsonObject): readonly TraceEvent[] {
  const blocks = objectsOf(message.content ?? message.parts).filter(isResultBlock);
  if (blocks.length > 0) return blocks.flatMap(blockEvents);
  const id = idOf(message.tool_call_id ?? message.toolCallId ?? message.call_id ?? message.id);
  const name = textOf(message.name) ?? textOf(message.tool_name);
  const isError = message.is_error === true || message.status === "error" || message.isError === true;
  const told = message.content ?? message.parts ?? message.response ?? message.result;
  return [{ kind: "answered", id, name, answer: answerOf(told, isError) }];
}

function contentEvents(content: JsonValue | undefined, role: Role): readonly TraceEvent[] {
  if (typeof content === "string") return saidEvents(content, role);
  const blocks = isJsonObject(content) ? [content] : objectsOf(content);
  const events: TraceEvent[] = [];
  const texts: string[] = [];
  for (const block of blocks) {
    const text = textIn(block);
    if (text === undefined) events.push(...blockEvents(block));
    else texts.push(text);
  }
  return [...saidEvents(texts.join("\n"), role), ...events];
}

function saidEvents(text: string, role: Role): readonly TraceEvent[] {
  const isSaid = text.trim() !== "" && (role === "user" || role === "assistant");
  return isSaid ? [{ kind: "said", role, text }] : [];
}

const TEXT_TYPES = new Set(["undefined", "text", "input_text", "output_text"]);

function textIn(block: JsonObject): string | undefined {
  if (!TEXT_TYPES.has(String(block.type))) return undefined;
  return textOf(block.text) ?? textOf(block.content);
}

function isResultBlock(block: JsonObject): boolean {
  return blockEvents(block).some(({ kind }) => kind === "answered" || kind === "ran");
}

const CALL_TYPES = new Set([
  "tool_use",
  "tool_call",
  "tool-call",
  "server_tool_use",
  "server_tool_call",
  "mcp_tool_use",
  "function_call",
]);
const RESULT_TYPES =
  /^(?:tool_result|tool_call_response|tool-result|server_tool_call_response|mcp_tool_result|\w+_tool_result)$/;

/** Reads a block of a message that is a call, an answer, or both. */
function blockEvents(block: JsonObject): readonly TraceEvent[] {
  const type = String(block.type);
  if (isJsonObject(block.toolUse)) return callEvents(block.toolUse, block.toolUse.toolUseId);
  if (isJsonObject(block.functionCall)) return callEvents(block.functionCall, block.functionCall.id);
  if (isJsonObject(block.function_call)) return callEvents(block.function_call, block.function_call.id);
  const response = block.functionResponse ?? block.function_response;
  if (isJsonObject(response)) return [answered(response.id, textOf(response.name), response.response, false)];
  if (isJsonObject(block.toolResult)) {
    const { toolUseId, content, status } = block.toolResult;
    return [answered(toolUseId, undefined, content, status === "error")];
  }
  if (isJsonObject(block.toolInvocation)) return invocationEvents(block.toolInvocation);
  if (/^tool-(?!call$|result$)/.test(type))
    return invocationEvents({ toolName: type.slice("tool-".length), ...block });
  if (RESULT_TYPES.test(type)) {
    const id = block.tool_use_id ?? block.toolCallId ?? block.tool_call_id ?? block.id;
    // The documentation of the GenAI conventions writes `result` where their schema asks for `response`.
    const told = block.response ?? block.result ?? block.output ?? block.content;
    const isTyped = isJsonObject(told) && String(told.type).startsWith("error");
    const isError = block.is_error === true || block.isError === true || isTyped;
    return [answered(id, textOf(block.toolName) ?? textOf(block.name), told, isError)];
  }
  return CALL_TYPES.has(type) ? callEvents(block, block.id) : [];
}

/** Reads a list of calls as Chat Completions, LangChain and others have it. */
function blockCalls(list: JsonValue | undefined): readonly TraceEvent[] {
  return objectsOf(list).flatMap((written) => {
    const call = isJsonObject(written.tool_call) ? written.tool_call : written;
    return invocationEvents(call);
  });
}

/** Reads a call whose answer may stand in it. */
function invocationEvents(call: JsonObject): readonly TraceEvent[] {
  const events = callEvents(call, call.toolCallId);
  const [called] = events;
  const error = call.errorText ?? call.error ?? undefined;
  const told = error ?? call.result ?? call.output ?? call.response;
  if (told === undefined || called?.kind !== "called") return events;
  return [...events, answered(called.id, called.name, told, error !== undefined)];
}

function callEvents(call: JsonObject, id: JsonValue | undefined): readonly TraceEvent[] {
  const inner = isJsonObject(call.function) ? call.function : call;
  const name = textOf(inner.name) ?? textOf(inner.toolName) ?? textOf(inner.tool_name);
  if (name === undefined) return [];
  const given = inner.arguments ?? inner.input ?? inner.args ?? inner.parameters;
  const known = idOf(id ?? call.id ?? call.call_id ?? call.toolCallId ?? call.tool_call_id);
  return [{ kind: "called", name, given: givenOf(given), id: known }];
}

function answered(
  id: JsonValue | undefined,
  name: string | undefined,
  told: JsonValue | undefined,
  isError: boolean,
): TraceEvent {
  return { kind: "answered", id: idOf(id), name, answer: answerOf(told, isError) };
}

function idOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "number" ? String(value) : textOf(value);
}

const STOPS: ReadonlyMap<string, string> = new Map([
  ["length", "max_tokens"],
  ["max_tokens", "max_tokens"],
  ["max_output_tokens", "max_tokens"],
  ["MAX_TOKENS", "max_tokens"],
  ["refusal", "refused"],
  ["content_filter", "refused"],
  ["SAFETY", "refused"],
]);

/** Tells why an answer ended, where it was not done. */
function stopOf(message: JsonObject): readonly TraceEvent[] {
  const told = message.stop_reason ?? message.finish_reason ?? message.finishReason;
  const reason = STOPS.get(String(told)) ?? (textOf(message.refusal) === undefined ? undefined : "refused");
  return reason === undefined ? [] : [{ kind: "stopped", reason }];
}

function withoutRepeatedIds(events: readonly TraceEvent[]): readonly TraceEvent[] {
  const seen = new Set<string>();
  return events.filter((event) => {
    if (event.kind !== "called" || event.id === undefined) return true;
    const isNew = !seen.has(event.id);
    seen.add(event.id);
    return isNew;
  });
}
