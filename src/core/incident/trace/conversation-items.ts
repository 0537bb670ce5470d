import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import { textOf } from "../read-json.ts";
import { unwrittenValue } from "./answers.ts";
import { eventsOfMessage, roleOf, unwrapped } from "./message-events.ts";

const ITEMS_MAX = 5_000;
const DEPTH_MAX = 6;
/** Where requests, responses and states of agents keep their messages. */
const LISTS = [
  "messages",
  "contents",
  "input",
  "output",
  "choices",
  "generations",
  "candidates",
  "inputs",
  "outputs",
  "chat_history",
  "history",
  "new_messages",
  "all_messages",
  "transcript",
  "conversation",
  "turns",
  "items",
  "kwargs",
  "args",
  "request",
  "response",
  "message",
  "body",
  "state",
  "update",
  "value",
] as const;
const ASKED = [
  "question",
  "query",
  "prompt",
  "user_input",
  "user_message",
  "user_query",
  "input",
  "text",
] as const;
const ANSWERED = [
  "output_text",
  "final_output",
  "final_answer",
  "answer",
  "completion",
  "response",
  "output",
  "result",
  "content",
  "text",
  "reply",
] as const;

/** Finds the messages in what a model or an agent was given (`user`) or gave (`assistant`): a list in any wrapping, or a plain text. */
export function conversationItems(
  value: JsonValue | undefined,
  role: "user" | "assistant",
): readonly JsonObject[] {
  const told = unwrittenValue(value);
  const items = messagesUnder(told, 0).slice(0, ITEMS_MAX);
  if (items.length > 0) return items.map((item) => withRole(item, role));
  const text =
    typeof told === "string" ? textOf(told) : isJsonObject(told) ? textUnder(told, role) : undefined;
  return text === undefined ? [] : [{ role, content: text }];
}

/** Finds the messages of a value that is a conversation itself, or holds one. */
export function messagesUnder(value: JsonValue | undefined, depth: number): readonly JsonObject[] {
  if (depth > DEPTH_MAX) return [];
  if (Array.isArray(value))
    return value.slice(0, ITEMS_MAX).flatMap((item) => messagesUnder(item, depth + 1));
  if (!isJsonObject(value)) return [];
  if (isMessage(value)) return [value];
  const lists = LISTS.flatMap((key) => {
    const member = unwrittenValue(value[key]);
    return typeof member === "object" ? messagesUnder(member, depth + 1) : [];
  });
  return lists;
}

/** A message says who speaks, or is a call or an answer of its own. */
export function isMessage(value: JsonObject): boolean {
  const message = unwrapped(value);
  const isSpoken = roleOf(message) !== undefined && hasContent(message);
  return isSpoken || eventsOfMessage(value).length > 0;
}

const CONTENTS = [
  "content",
  "parts",
  "contents",
  "tool_calls",
  "toolInvocations",
  "function_call",
  "refusal",
] as const;

function hasContent(message: JsonObject): boolean {
  return CONTENTS.some((key) => message[key] !== undefined);
}

function withRole(item: JsonObject, role: string): JsonObject {
  const message = unwrapped(item);
  const isNamed = roleOf(message) !== undefined || message.type !== undefined;
  return isNamed ? item : { ...message, role };
}

function textUnder(value: JsonObject, role: "user" | "assistant"): string | undefined {
  const keys: readonly string[] = role === "user" ? ASKED : ANSWERED;
  for (const key of keys) {
    const member = unwrittenValue(value[key]);
    const text = isJsonObject(member) ? textUnder(member, role) : textOf(member);
    if (text !== undefined) return text;
  }
  const [only, ...others] = Object.values(value);
  return others.length === 0 ? textOf(only) : undefined;
}
