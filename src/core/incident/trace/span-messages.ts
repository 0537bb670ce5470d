import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import { objectsOf, textOf } from "../read-json.ts";
import { unwrittenValue } from "./answers.ts";
import { attributeOf, readAttributes, readTyped } from "./span-attributes.ts";

/** What a span tells of its conversation; undefined where it tells nothing, since content is opt-in. */
export interface SpanMessages {
  readonly input: JsonValue | undefined;
  readonly output: JsonValue | undefined;
}

const INPUTS = [
  "gen_ai.input.messages",
  "gen_ai.prompt",
  "llm.input_messages",
  "ai.prompt.messages",
  "ai.prompt",
  "llm.prompts",
] as const;
const OUTPUTS = [
  "gen_ai.output.messages",
  "gen_ai.completion",
  "llm.output_messages",
  "llm.completions",
] as const;
const MESSAGE_EVENT = /^gen_ai\.(system|user|assistant|tool)\.message$/;

/** Reads the messages of a span: from attributes in the present and in older conventions, or from its events. */
export function spanMessages(attributes: JsonObject, events: readonly JsonObject[]): SpanMessages {
  const told = events.map(eventMessages);
  const before = told.flatMap(({ input }) => input);
  const after = told.flatMap(({ output }) => output);
  return {
    input: plain(attributeOf(attributes, ...INPUTS)) ?? (before.length === 0 ? undefined : before),
    output:
      plain(attributeOf(attributes, ...OUTPUTS)) ??
      ofSdk(attributes) ??
      (after.length === 0 ? undefined : after),
  };
}

/** OpenInference wraps each message once more. */
function plain(value: JsonValue | undefined): JsonValue | undefined {
  const told = unwrittenValue(value);
  if (!Array.isArray(told)) return told;
  return told.map((item) => (isJsonObject(item) && isJsonObject(item.message) ? item.message : item));
}

function ofSdk(attributes: JsonObject): JsonValue | undefined {
  const text = attributeOf(attributes, "ai.response.text");
  const calls = unwrittenValue(attributeOf(attributes, "ai.response.toolCalls"));
  if (text === undefined && calls === undefined) return undefined;
  return [{ role: "assistant", content: text ?? "", tool_calls: calls ?? [] }];
}

/** Reads an event of a span, or a record of a log, that holds messages. */
function eventMessages(event: JsonObject): {
  readonly input: readonly JsonValue[];
  readonly output: readonly JsonValue[];
} {
  const attributes = readAttributes(event.attributes);
  const name = textOf(event.name) ?? textOf(event.eventName) ?? textOf(attributes["event.name"]) ?? "";
  const body = { ...attributes, ...bodyOf(event), ...bodyOf(attributes) };
  const role = MESSAGE_EVENT.exec(name)?.[1];
  if (role !== undefined) return { input: [messageOf(body, role)], output: [] };
  if (name === "gen_ai.choice") return { input: [], output: [messageOf(body, "assistant")] };
  const input = plain(attributeOf(body, ...INPUTS));
  const output = plain(attributeOf(body, ...OUTPUTS));
  return { input: listOf(input, "user"), output: listOf(output, "assistant") };
}

function bodyOf(event: JsonObject): JsonObject {
  const told = [event.body, event["gen_ai.event.content"], event.event_body]
    .map((value) =>
      isJsonObject(value) && value.kvlistValue !== undefined ? readTyped(value, 0) : unwrittenValue(value),
    )
    .find(isJsonObject);
  return told ?? {};
}

function messageOf(body: JsonObject, role: string): JsonObject {
  const inner = unwrittenValue(body.message);
  const message = isJsonObject(inner) ? inner : body;
  const calls = unwrittenValue(message.tool_calls);
  const id = textOf(message.id) ?? textOf(message.tool_call_id);
  return {
    role,
    content: message.content ?? (typeof inner === "string" ? inner : ""),
    ...(objectsOf(calls).length === 0 ? {} : { tool_calls: objectsOf(calls) }),
    ...(role === "tool" && id !== undefined ? { tool_call_id: id } : {}),
  };
}

function listOf(value: JsonValue | undefined, role: string): readonly JsonValue[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  return [typeof value === "string" ? { role, content: value } : value];
}
