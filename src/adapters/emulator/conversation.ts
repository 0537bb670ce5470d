import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue, jsonObject, jsonValue } from "../../core/json.ts";

const MESSAGES_MAX = 10_000;
const BLOCKS_MAX = 10_000;
const PATH_STEPS_MAX = 20;

const textBlock = z.looseObject({ type: z.literal("text"), text: z.string() });
const toolUseBlock = z.looseObject({
  type: z.literal("tool_use"),
  id: z.string().min(1),
  name: z.string().min(1),
  input: jsonObject,
});
const toolResultBlock = z.looseObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string().min(1),
  content: z.union([z.string(), z.array(textBlock)]).default(""),
});
const block = z.discriminatedUnion("type", [textBlock, toolUseBlock, toolResultBlock]);
type Block = z.output<typeof block>;

/** The shape of a Messages API request, as far as a scripted model looks at it. */
export const messagesRequestSchema = z.looseObject({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  system: z.union([z.string(), z.array(textBlock)]).default(""),
  messages: z
    .array(
      z.looseObject({
        role: z.enum(["user", "assistant"]),
        content: z.union([z.string(), z.array(block).max(BLOCKS_MAX)]),
      }),
    )
    .min(1)
    .max(MESSAGES_MAX),
  tools: z.array(z.looseObject({ name: z.string() })).default([]),
  output_config: z
    .looseObject({
      format: z.looseObject({ type: z.literal("json_schema"), schema: jsonObject }).nullish(),
    })
    .nullish(),
  stream: z.literal(false, "this server does not stream").optional(),
});
export type MessagesRequest = z.output<typeof messagesRequestSchema>;

/** A tool's answer in the conversation. */
interface SeenResult {
  readonly tool: string;
  readonly text: string;
  /** The text read as JSON, where it is JSON. */
  readonly value: JsonValue | undefined;
}

/** What a model sees in a request, in the order in which it was said. */
export interface Conversation {
  readonly model: string;
  readonly system: string;
  readonly userTexts: readonly string[];
  readonly toolNames: readonly string[];
  readonly calls: readonly { readonly id: string; readonly tool: string; readonly input: JsonObject }[];
  readonly results: readonly SeenResult[];
  /** Texts of the tool results in the last message. */
  readonly latestResults: readonly string[];
  readonly outputSchema: JsonObject | undefined;
}

/** Restates a request as the conversation that it carries. */
export function seeConversation(request: MessagesRequest): Conversation {
  const turns = request.messages.map(({ role, content }) => ({ role, blocks: blocksOf(content) }));
  const calls = turns
    .filter((turn) => turn.role === "assistant")
    .flatMap((turn) => turn.blocks)
    .flatMap((part) =>
      part.type === "tool_use" ? [{ id: part.id, tool: part.name, input: part.input }] : [],
    );
  const toolOf = new Map(calls.map((call) => [call.id, call.tool]));
  const results = turns
    .flatMap((turn) => turn.blocks)
    .flatMap((part) => {
      if (part.type !== "tool_result") return [];
      const text = joined(part.content);
      return [{ tool: toolOf.get(part.tool_use_id) ?? "", text, value: readJson(text) }];
    });
  const last = turns.at(-1);
  return {
    model: request.model,
    system: joined(request.system),
    userTexts: turns
      .filter((turn) => turn.role === "user")
      .map((turn) => joined(turn.blocks.filter((part) => part.type === "text")))
      .filter((text) => text !== ""),
    toolNames: request.tools.map((tool) => tool.name),
    calls,
    results,
    latestResults: (last?.blocks ?? []).flatMap((part) =>
      part.type === "tool_result" ? [joined(part.content)] : [],
    ),
    outputSchema: request.output_config?.format?.schema,
  };
}

/** Finds the tool calls that the next message leaves unanswered, which the API refuses. */
export function unansweredCalls(request: MessagesRequest): readonly string[] {
  return request.messages.flatMap((message, index) => {
    if (message.role !== "assistant") return [];
    const answered = new Set(
      blocksOf(request.messages[index + 1]?.content ?? "").flatMap((part) =>
        part.type === "tool_result" ? [part.tool_use_id] : [],
      ),
    );
    return blocksOf(message.content).flatMap((part) =>
      part.type === "tool_use" && !answered.has(part.id) ? [part.id] : [],
    );
  });
}

/** Looks up `tool.path.to.value` in the latest answer of that tool. */
export function resultAt(seen: Conversation, path: string): JsonValue | undefined {
  const [tool, ...steps] = path.split(".");
  const latest = seen.results.findLast((result) => result.tool === tool);
  if (latest === undefined) return undefined;
  return steps.length === 0 ? latest.text : valueAt(latest.value, steps);
}

/** Looks up `tool.path.to.value` in the latest arguments for that tool. */
export function argumentAt(seen: Conversation, path: string): JsonValue | undefined {
  const [tool, ...steps] = path.split(".");
  return valueAt(seen.calls.findLast((call) => call.tool === tool)?.input, steps);
}

function valueAt(value: JsonValue | undefined, steps: readonly string[]): JsonValue | undefined {
  return steps.slice(0, PATH_STEPS_MAX).reduce<JsonValue | undefined>((at, step) => {
    if (Array.isArray(at)) return at[Number(step)];
    return isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }, value);
}

function blocksOf(content: string | readonly Block[]): readonly Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function joined(content: string | readonly { readonly text: string }[]): string {
  return typeof content === "string" ? content : content.map((part) => part.text).join("\n");
}

function readJson(text: string): JsonValue | undefined {
  try {
    return jsonValue.parse(JSON.parse(text));
  } catch {
    // A tool may answer in prose; then there is nothing to look up by path.
    return undefined;
  }
}
