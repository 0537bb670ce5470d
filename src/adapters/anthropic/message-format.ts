import type { MessageCreateParamsNonStreaming } from "@anthropic-ai/sdk/resources/messages";
import { z } from "zod";
import type { ToolDefinition } from "../../core/agent/agent.ts";
import type { ChatAnswer, ChatRequest, Part, Turn } from "../../core/agent/chat.ts";
import { isJsonObject, jsonObject } from "../../core/json.ts";

/** Length of an answer where an agent's parameters name none. */
const MAX_TOKENS_DEFAULT = 4_096;

const CACHED = { cache_control: { type: "ephemeral" } } as const;

// Parameters and tool definitions are the agent's own words: the API, not our types, says whether they are good.
const asTheyStand = z.custom<MessageCreateParamsNonStreaming>();

/** Writes a request as the Messages API takes it; an agent's own parameters go along as they stand. */
export function writeMessage(request: ChatRequest): MessageCreateParamsNonStreaming {
  const { output_config, ...parameters } = request.parameters;
  const format =
    request.outputSchema === undefined
      ? {}
      : { format: { type: "json_schema", schema: request.outputSchema } };
  const outputConfig = { ...(isJsonObject(output_config) ? output_config : {}), ...format };
  return asTheyStand.parse({
    max_tokens: MAX_TOKENS_DEFAULT,
    ...parameters,
    model: request.model,
    system: systemBlocks(request.system),
    messages: request.turns.map(writeTurn),
    ...(request.tools.length > 0 ? { tools: cachedTools(request.tools) } : {}),
    ...(Object.keys(outputConfig).length > 0 ? { output_config: outputConfig } : {}),
    stream: false,
  });
}

const usageSchema = z.object({
  input_tokens: z.int().min(0),
  output_tokens: z.int().min(0),
  cache_read_input_tokens: z.int().min(0).nullish(),
  cache_creation_input_tokens: z.int().min(0).nullish(),
});
const answerSchema = z.object({
  content: z.array(z.looseObject({ type: z.string() })),
  stop_reason: z.string().nullish(),
  usage: usageSchema,
});
const textSchema = z.object({ text: z.string() });
const toolUseSchema = z.object({ id: z.string(), name: z.string(), input: jsonObject });

/** Reads an answer of the Messages API; throws ZodError where it is not one. */
export function readMessage(message: unknown): ChatAnswer {
  const { content, stop_reason, usage } = answerSchema.parse(message);
  return {
    parts: content.map(readBlock),
    stop: STOPS[stop_reason ?? ""] ?? "other",
    usage: {
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens,
      cacheReadTokens: usage.cache_read_input_tokens ?? 0,
      cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
    },
  };
}

const STOPS: Readonly<Record<string, ChatAnswer["stop"]>> = {
  end_turn: "end",
  stop_sequence: "end",
  tool_use: "tool_use",
  max_tokens: "max_tokens",
  model_context_window_exceeded: "max_tokens",
  refusal: "refusal",
};

function readBlock(block: { readonly type: string }): Part {
  switch (block.type) {
    case "text":
      return { kind: "text", text: textSchema.parse(block).text };
    case "tool_use": {
      const { id, name, input } = toolUseSchema.parse(block);
      return { kind: "tool_call", id, tool: name, arguments: input };
    }
    default:
      return { kind: "provider", block: jsonObject.parse(block) };
  }
}

function writeTurn({ role, parts }: Turn) {
  // The API takes no empty text, which a model may well answer beside a tool call.
  return { role, content: parts.filter((part) => part.kind !== "text" || part.text !== "").map(writePart) };
}

function writePart(part: Part) {
  switch (part.kind) {
    case "text":
      return { type: "text", text: part.text };
    case "tool_call":
      return { type: "tool_use", id: part.id, name: part.tool, input: part.arguments };
    case "tool_result":
      return {
        type: "tool_result",
        tool_use_id: part.id,
        content: part.content,
        ...(part.isError ? { is_error: true } : {}),
      };
    case "provider":
      return part.block;
  }
}

/** Marks the end of what is the same for every case, so that the provider reads it once. */
function systemBlocks(parts: readonly string[]) {
  const shared = Math.max(0, parts.length - 2);
  return parts.map((text, index) => ({ type: "text", text, ...(index === shared ? CACHED : {}) }));
}

function cachedTools(tools: readonly ToolDefinition[]) {
  if (tools.some((tool) => "cache_control" in tool)) return tools;
  return tools.map((tool, index) => (index === tools.length - 1 ? { ...tool, ...CACHED } : tool));
}
