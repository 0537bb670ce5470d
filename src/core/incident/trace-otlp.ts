import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { NO_USAGE, type Usage } from "../trajectory/trajectory.ts";
import { objectsOf, textOf, unpacked } from "./read-json.ts";
import { contentText, messagesInJson } from "./read-messages.ts";
import { readMessageTrace } from "./trace-messages.ts";
import type { TraceStep, TraceSteps } from "./trace-steps.ts";

const SPANS_MAX = 2_000;
const NANOS_PER_MS = 1_000_000n;
const TOOL_OPERATIONS = new Set(["execute_tool", "tools/call", "TOOL"]);
const MODEL_OPERATIONS = new Set(["chat", "generate_content", "text_completion", "LLM"]);
const RETRIEVAL_OPERATIONS = new Set(["retrieval", "RETRIEVER"]);

interface OtlpSpan {
  readonly name: string;
  readonly attributes: JsonObject;
  readonly startMs: number;
  readonly durationMs: number;
  readonly error: string | undefined;
}

/** Reads OTLP/JSON with GenAI, MCP or OpenInference attributes: one request, or several of them as JSON lines. */
export function readOtlpTrace(value: JsonValue): TraceSteps | undefined {
  const requests = Array.isArray(value) ? objectsOf(value) : isJsonObject(value) ? [value] : [];
  const spans = requests
    .flatMap(({ resourceSpans }) => objectsOf(resourceSpans))
    .flatMap((resource) => objectsOf(resource.scopeSpans ?? resource.instrumentationLibrarySpans))
    .flatMap((scope) => objectsOf(scope.spans))
    .slice(0, SPANS_MAX)
    .map(readSpan)
    .sort((a, b) => a.startMs - b.startMs);
  if (spans.length === 0) return undefined;
  const begin = spans[0]?.startMs ?? 0;
  const steps = spans.flatMap((span) => stepOf(span, begin));
  return { ...conversationOf(spans, steps), usage: totalUsage(spans, steps) };
}

function readSpan(span: JsonObject): OtlpSpan {
  const attributes = readAttributes(span.attributes);
  const start = millis(span.startTimeUnixNano);
  const status = isJsonObject(span.status) ? span.status : {};
  const failed = status.code === 2 || status.code === "STATUS_CODE_ERROR";
  const error =
    textOf(attributes["error.type"]) ?? (failed ? (textOf(status.message) ?? "error") : undefined);
  return {
    name: textOf(span.name) ?? "",
    attributes,
    startMs: start,
    durationMs: millis(span.endTimeUnixNano) - start,
    error,
  };
}

/** Reads attributes as OTLP has them, a list of typed values. */
function readAttributes(value: JsonValue | undefined): JsonObject {
  return Object.fromEntries(
    objectsOf(value).flatMap(({ key, value: typed }) =>
      typeof key === "string" && isJsonObject(typed) ? [[key, readTyped(typed)]] : [],
    ),
  );
}

function readTyped(typed: JsonObject): JsonValue {
  if (typed.intValue !== undefined) return Number(typed.intValue);
  if (isJsonObject(typed.arrayValue)) return objectsOf(typed.arrayValue.values).map(readTyped);
  if (isJsonObject(typed.kvlistValue)) return readAttributes(typed.kvlistValue.values);
  return typed.stringValue ?? typed.boolValue ?? typed.doubleValue ?? null;
}

function millis(nanos: JsonValue | undefined): number {
  if (typeof nanos === "number") return Math.round(nanos / Number(NANOS_PER_MS));
  return typeof nanos === "string" && /^\d{1,20}$/.test(nanos) ? Number(BigInt(nanos) / NANOS_PER_MS) : 0;
}

function stepOf(span: OtlpSpan, begin: number): readonly TraceStep[] {
  const { attributes } = span;
  const times = { startMs: span.startMs - begin, durationMs: span.durationMs };
  const operation = String(
    attributes["gen_ai.operation.name"] ??
      attributes["openinference.span.kind"] ??
      attributes["mcp.method.name"] ??
      "",
  );
  if (TOOL_OPERATIONS.has(operation)) return [{ ...toolStepOf(span), ...times }];
  if (RETRIEVAL_OPERATIONS.has(operation)) {
    const source = textOf(attributes["gen_ai.data_source.id"]) ?? lastWord(span.name);
    const result = unpacked(attributes["gen_ai.retrieval.documents"] ?? attributes["output.value"]);
    return [{ kind: "retrieval", name: source, ...times, ...(result === undefined ? {} : { result }) }];
  }
  if (!MODEL_OPERATIONS.has(operation)) return [];
  const model =
    textOf(attributes["gen_ai.response.model"]) ??
    textOf(attributes["gen_ai.request.model"]) ??
    textOf(attributes["llm.model_name"]);
  return [{ kind: "model", name: model ?? "chat", ...times, error: span.error, usage: usageOf(attributes) }];
}

function toolStepOf({ name, attributes, error }: OtlpSpan): TraceStep {
  const given = unpacked(attributes["gen_ai.tool.call.arguments"] ?? attributes["input.value"]);
  return {
    kind: "tool",
    name: textOf(attributes["gen_ai.tool.name"]) ?? textOf(attributes["tool.name"]) ?? lastWord(name),
    arguments: isJsonObject(given) ? given : undefined,
    result: unpacked(attributes["gen_ai.tool.call.result"] ?? attributes["output.value"]),
    callId: textOf(attributes["gen_ai.tool.call.id"]) ?? textOf(attributes["tool.id"]),
    error,
  };
}

function lastWord(name: string): string {
  return name.split(" ").at(-1) ?? name;
}

function usageOf(attributes: JsonObject): Usage {
  const count = (...keys: readonly string[]): number =>
    Number(keys.map((key) => attributes[key]).find((value) => typeof value === "number") ?? 0);
  return {
    inputTokens: count("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens", "llm.token_count.prompt"),
    outputTokens: count(
      "gen_ai.usage.output_tokens",
      "gen_ai.usage.completion_tokens",
      "llm.token_count.completion",
    ),
    cacheReadTokens: count("gen_ai.usage.cache_read.input_tokens"),
    cacheWriteTokens: count("gen_ai.usage.cache_creation.input_tokens"),
  };
}

function totalUsage(spans: readonly OtlpSpan[], steps: readonly TraceStep[]): Usage {
  const usages = steps.flatMap(({ usage }) => (usage === undefined ? [] : [usage]));
  if (usages.length === 0) return usageOf(spans[0]?.attributes ?? {});
  const sum = (key: keyof Usage): number => usages.reduce((total, usage) => total + (usage[key] ?? 0), 0);
  return usages.length === 0
    ? NO_USAGE
    : {
        inputTokens: sum("inputTokens"),
        outputTokens: sum("outputTokens"),
        cacheReadTokens: sum("cacheReadTokens"),
        cacheWriteTokens: sum("cacheWriteTokens"),
      };
}

/** Content is opt-in in the conventions, so a trace may hold names and order only. */
function conversationOf(spans: readonly OtlpSpan[], steps: readonly TraceStep[]): TraceSteps {
  const inputs = spans.map(({ attributes }) =>
    unpacked(attributes["gen_ai.input.messages"] ?? attributes["gen_ai.prompt"]),
  );
  const outputs = spans.map(({ attributes }) =>
    unpacked(attributes["gen_ai.output.messages"] ?? attributes["gen_ai.completion"]),
  );
  const first = inputs.find((input) => objectsOf(input).length > 0);
  const last = outputs
    .flatMap((output) => objectsOf(output))
    .findLast((message) => contentText(message) !== undefined);
  const flat = spans.flatMap(
    ({ attributes }) => textOf(attributes["llm.input_messages.0.message.content"]) ?? [],
  );
  const messages = messagesInJson(first);
  const told = steps.some(({ kind }) => kind === "tool")
    ? []
    : outputs.flatMap((output) => readMessageTrace(output ?? null)?.steps ?? []);
  return {
    steps: [...steps, ...told.filter(({ kind }) => kind === "tool")],
    messages: messages.length > 0 ? messages : flat.slice(0, 1).map((content) => ({ role: "user", content })),
    output: (last && contentText(last)) ?? "",
  };
}
