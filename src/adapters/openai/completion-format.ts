import { z } from "zod";
import type { ToolDefinition } from "../../core/agent/agent.ts";
import type { ChatAnswer, ChatRequest, Part, Turn } from "../../core/agent/chat.ts";
import { isJsonObject, type JsonObject, type JsonValue, jsonObject } from "../../core/json.ts";
import { OPENAI_BLOCK } from "../model/provider-block.ts";

/** What a reasoning model wants back with its tool calls, under the names of the servers that have it. */
const KEPT_FIELDS = ["reasoning_content", "reasoning_details"] as const;

/** Writes a request as chat completions take it; an agent's own parameters go along as they stand. */
export function writeCompletion(request: ChatRequest): JsonObject {
  // What belongs to streaming is refused where nothing is streamed.
  const { stream_options: _, ...parameters } = request.parameters;
  const system = request.system.join("\n\n");
  return {
    ...(request.answerTokensMax === undefined ? {} : { max_completion_tokens: request.answerTokensMax }),
    ...parameters,
    model: request.model,
    messages: [
      // One message, as templates of open models refuse a second one; what every case shares comes first, so that the
      // provider finds it in its cache.
      ...(system === "" ? [] : [{ role: "system", content: system }]),
      ...request.turns.flatMap(writeTurn),
    ],
    ...(request.tools.length === 0 ? {} : { tools: request.tools.map(writeTool) }),
    ...(request.outputSchema === undefined ? {} : { response_format: writeFormat(request.outputSchema) }),
    stream: false,
  };
}

function writeTool({ name, description, input_schema, strict }: ToolDefinition): JsonObject {
  return {
    type: "function",
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      parameters: input_schema,
      ...(typeof strict === "boolean" ? { strict } : {}),
    },
  };
}

function writeFormat(schema: JsonObject): JsonObject {
  return { type: "json_schema", json_schema: { name: "answer", schema, strict: isClosed(schema) } };
}

/** Tells whether every object of a schema is closed and needs all its members, as the strict mode asks for. */
function isClosed(schema: JsonValue): boolean {
  if (Array.isArray(schema)) return schema.every(isClosed);
  if (!isJsonObject(schema)) return true;
  const { properties, required } = schema;
  const isObject = schema.type === "object" || isJsonObject(properties);
  const names = isJsonObject(properties) ? Object.keys(properties) : [];
  const needed: readonly JsonValue[] = Array.isArray(required) ? required : [];
  const isWhole = schema.additionalProperties === false && names.every((name) => needed.includes(name));
  return (!isObject || isWhole) && Object.values(schema).every(isClosed);
}

function writeTurn({ role, parts }: Turn): readonly JsonObject[] {
  const text = parts
    .flatMap((part) => (part.kind === "text" && part.text !== "" ? [part.text] : []))
    .join("\n\n");
  if (role === "assistant") return [writeAnswer(parts, text)];
  const results = parts.flatMap((part) => (part.kind === "tool_result" ? [writeResult(part)] : []));
  return text === "" && results.length > 0 ? results : [...results, { role: "user", content: text }];
}

function writeAnswer(parts: readonly Part[], text: string): JsonObject {
  const calls = parts.flatMap((part) => (part.kind === "tool_call" ? [writeCall(part)] : []));
  if (calls.length === 0) return { role: "assistant", content: text };
  return { role: "assistant", content: text === "" ? null : text, ...keptFields(parts), tool_calls: calls };
}

function writeCall(call: Extract<Part, { kind: "tool_call" }>): JsonObject {
  const written = call.malformed ?? JSON.stringify(call.arguments);
  return { id: call.id, type: "function", function: { name: call.tool, arguments: written } };
}

/** There is no mark for a call that failed, so the words say it. */
function writeResult({ id, content, isError }: Extract<Part, { kind: "tool_result" }>): JsonObject {
  return { role: "tool", tool_call_id: id, content: isError ? JSON.stringify({ error: content }) : content };
}

function keptFields(parts: readonly Part[]): JsonObject {
  const kept = parts.find((part) => part.kind === "provider" && part.block.type === OPENAI_BLOCK);
  if (kept?.kind !== "provider") return {};
  const { type: _, ...fields } = kept.block;
  return fields;
}

const tokenCount = z.int().min(0);
const usageSchema = z.object({
  prompt_tokens: tokenCount,
  completion_tokens: tokenCount,
  prompt_tokens_details: z.object({ cached_tokens: tokenCount.nullish() }).nullish(),
  completion_tokens_details: z.object({ reasoning_tokens: tokenCount.nullish() }).nullish(),
});
const callSchema = z.object({
  id: z.string().nullish(),
  function: z.object({ name: z.string().min(1), arguments: z.union([z.string(), jsonObject]).nullish() }),
});
const messageSchema = z.looseObject({
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(callSchema).nullish(),
});
const completionSchema = z.object({
  choices: z.tuple([z.object({ message: messageSchema, finish_reason: z.string().nullish() })], z.unknown()),
  usage: usageSchema,
});

const STOPS: Readonly<Record<string, ChatAnswer["stop"]>> = {
  stop: "end",
  tool_calls: "tool_use",
  function_call: "tool_use",
  length: "max_tokens",
  content_filter: "refusal",
};

/** Reads an answer of the chat completions API; throws ZodError where it is not one. */
export function readCompletion(completion: unknown): ChatAnswer {
  const { choices, usage } = completionSchema.parse(completion);
  const [{ message, finish_reason }] = choices;
  const calls = (message.tool_calls ?? []).map(readCall);
  const isRefusal = (message.refusal ?? "") !== "";
  const text = isRefusal ? (message.refusal ?? "") : contentText(message.content);
  const said: readonly Part[] = text === "" ? [] : [{ kind: "text", text }];
  const cached = Math.min(usage.prompt_tokens, usage.prompt_tokens_details?.cached_tokens ?? 0);
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? undefined;
  return {
    parts: [...said, ...(calls.length === 0 ? [] : keptParts(message)), ...calls],
    stop: isRefusal ? "refusal" : stopOf(finish_reason ?? "", calls.length > 0),
    usage: {
      // Both totals hold their parts: what was read from the cache, and what went into reasoning.
      inputTokens: usage.prompt_tokens - cached,
      outputTokens: usage.completion_tokens,
      cacheReadTokens: cached,
      cacheWriteTokens: 0,
      ...(reasoning === undefined ? {} : { reasoningTokens: reasoning }),
    },
  };
}

/** Some servers end every answer with `stop`, also one that calls tools. */
function stopOf(reason: string, hasCalls: boolean): ChatAnswer["stop"] {
  const stop = STOPS[reason] ?? "other";
  return stop === "end" && hasCalls ? "tool_use" : stop;
}

const textPart = z.object({ type: z.literal("text"), text: z.string() });

function contentText(content: z.output<typeof messageSchema>["content"]): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => textPart.safeParse(part).data?.text ?? "").join("");
}

function keptParts(message: Readonly<Record<string, unknown>>): readonly Part[] {
  const fields = KEPT_FIELDS.flatMap((name) =>
    message[name] === undefined || message[name] === null ? [] : [[name, message[name]] as const],
  );
  if (fields.length === 0) return [];
  const block = jsonObject.parse({ type: OPENAI_BLOCK, ...Object.fromEntries(fields) });
  return [{ kind: "provider", block }];
}

/** A call without an id gets one by its place: its result has to name it. */
function readCall(call: z.output<typeof callSchema>, index: number): Part {
  const { name, arguments: written } = call.function;
  const base = {
    kind: "tool_call",
    id: (call.id ?? "") === "" ? `call_${index + 1}` : (call.id ?? ""),
    tool: name,
  } as const;
  if (typeof written !== "string") return { ...base, arguments: written ?? {} };
  const read = readArguments(written);
  return read === undefined ? { ...base, arguments: {}, malformed: written } : { ...base, arguments: read };
}

/** The arguments of a call, or undefined where they are no JSON object; a tool that takes none is often called with an empty text. */
function readArguments(written: string): JsonObject | undefined {
  if (written.trim() === "") return {};
  try {
    return jsonObject.safeParse(JSON.parse(written)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
