import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../core/json.ts";
import type { Conversation, MessagesRequest } from "./conversation.ts";
import { fillObject, fillText } from "./fill-template.ts";
import { sampleJson } from "./sample-json.ts";
import type { ScriptedReply } from "./script.ts";

const CHARACTERS_PER_TOKEN = 4;

type Said =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: JsonObject };

/** Turns a scripted reply (errors aside) into the body of a Messages API response. */
export function sayReply(
  reply: Exclude<ScriptedReply, { error: unknown }>,
  request: MessagesRequest,
  seen: Conversation,
): JsonObject {
  const content = "json" in reply ? [sayJson(reply, seen)] : sayParts(reply, seen);
  const toolUse = content.some((part) => part.type === "tool_use");
  return {
    id: `msg_${randomUUID().replaceAll("-", "")}`,
    type: "message",
    role: "assistant",
    model: request.model,
    content,
    stop_reason: toolUse ? "tool_use" : "end_turn",
    stop_sequence: null,
    usage: {
      input_tokens: tokens(JSON.stringify([request.system, request.tools, request.messages])),
      output_tokens: tokens(content.map(written).join("")),
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 0,
      service_tier: "standard",
    },
  };
}

function sayJson(reply: Extract<ScriptedReply, { json: unknown }>, seen: Conversation): Said {
  const base =
    reply.json === "from_schema" ? sampleJson(seen.outputSchema ?? {}) : fillObject(reply.json, seen);
  const value = reply.with === undefined ? base : { ...Object(base), ...fillObject(reply.with, seen) };
  return { type: "text", text: JSON.stringify(value) };
}

function sayParts(
  reply: Exclude<ScriptedReply, { error: unknown } | { json: unknown }>,
  seen: Conversation,
): readonly Said[] {
  const text: Said[] = reply.text === undefined ? [] : [{ type: "text", text: fillText(reply.text, seen) }];
  const calls = (reply.tool_use ?? []).map(
    (call): Said => ({
      type: "tool_use",
      id: `toolu_${randomUUID().replaceAll("-", "")}`,
      name: call.name,
      input: fillObject(call.input, seen),
    }),
  );
  return [...text, ...calls];
}

function written(part: Said): string {
  return part.type === "text" ? part.text : `${part.name}${JSON.stringify(part.input)}`;
}

function tokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}
