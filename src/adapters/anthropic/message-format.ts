import type { MessageCreateParamsNonStreaming } from "@anthropic-ai/sdk/resources/messages";
import { z } from "zod";
import type { ToolDefinition } from "../../core/agent/agent.ts";
import type { ChatAnswer, ChatRequest, Part, Turn } from "../../core/agent/chat.ts";
import { isJsonObject, jsonObject } from "../../core/json.ts";
import { OPENAI_BLOCK } from "../model/provider-block.ts";

/** Length of an answer where an agent's parameters name none. */
const MAX_TOKENS_DEFAULT = 4_096;

const CACHED = { cache_control: { type: "ephemeral" } } as const;
/** The API refuses a request with more marks than this. */
const CACHE_MARKS_MAX = 4;

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
  const marks = cacheMarks(request);
  const messages = request.turns.map(writeTurn);
  return asTheyStand.parse({
    max_tokens: request.answerTokensMax ?? MAX_TOKENS_DEFAULT,
    ...parameters,
    model: request.model,
    system: systemBlocks(request.system, marks.system),
    messages: marks.messages ? withMarkedEnd(messages) : messages,
    ...(request.tools.length > 0
      ? { tools: marks.tools ? withMarkedTool(request.tools) : request.tools }
      : {}),
    ...(Object.keys(outputConfig).length > 0 ? { output_config: outputConfig } : {}),
    stream: false,
  });
}

const usageSchema = z.object({
  input_tokens: z.int().min(0),
  output_tokens: z.int().min(0),
  cache_read_input_tokens: z.int().min(0).nullish(),
  cache_creation_input_tokens: z.int().min(0).nullish(),
  output_tokens_details: z.object({ thinking_tokens: z.int().min(0).nullish() }).nullish(),
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
  const thinking = usage.output_tokens_details?.thinking_tokens ?? undefined;
  return {
    parts: content.map(readBlock),
    stop: STOPS[stop_reason ?? ""] ?? "other",
    usage: {
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens,
      cacheReadTokens: usage.cache_read_input_tokens ?? 0,
      cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
      ...(thinking === undefined ? {} : { reasoningTokens: thinking }),
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
  return { role, content: parts.filter(isWritten).map(writePart) };
}

function isWritten(part: Part): boolean {
  if (part.kind === "text") return part.text !== "";
  // An agent of another provider may have had the conversation before it was handed over.
  return part.kind !== "provider" || part.block.type !== OPENAI_BLOCK;
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

/** Where a request is marked, so that the provider reads what comes before only once. */
interface CacheMarks {
  readonly tools: boolean;
  readonly system: boolean;
  readonly messages: boolean;
}

/**
 * Marks the ends of what other requests share: the tools, the prompt that every case has, and, for an agent that may
 * call tools and so be asked again, all that was said. None of it changes an answer. Marks that the agent's own tools
 * and parameters hold are left as they are, and count.
 */
function cacheMarks({ tools, parameters }: ChatRequest): CacheMarks {
  const marked = tools.filter((tool) => "cache_control" in tool).length;
  const own = marked + ("cache_control" in parameters ? 1 : 0);
  const left = CACHE_MARKS_MAX - own;
  return {
    tools: marked === 0 && left > 2,
    system: left > 0,
    messages: tools.length > 0 && left > 1 && !("cache_control" in parameters),
  };
}

function systemBlocks(parts: readonly string[], isMarked: boolean) {
  const shared = Math.max(0, parts.length - 2);
  return parts.map((text, index) => ({
    type: "text",
    text,
    ...(isMarked && index === shared ? CACHED : {}),
  }));
}

function withMarkedTool(tools: readonly ToolDefinition[]) {
  return tools.map((tool, index) => (index === tools.length - 1 ? { ...tool, ...CACHED } : tool));
}

/** What an agent is asked with ends in a person's words or in results of tools, which may be marked; a block that only the provider knows may not. */
function withMarkedEnd(messages: readonly ReturnType<typeof writeTurn>[]) {
  return messages.map((message, index) => {
    if (index < messages.length - 1) return message;
    const { content } = message;
    const last = content.length - 1;
    return {
      ...message,
      content: content.map((block, place) =>
        place === last && MARKABLE.includes(String(block.type)) ? { ...block, ...CACHED } : block,
      ),
    };
  });
}

const MARKABLE: readonly string[] = ["text", "tool_use", "tool_result"];
