import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import type { Usage } from "../../trajectory/trajectory.ts";
import { objectsOf, textOf } from "../read-json.ts";
import { answerOf, errorText, givenOf, outputOf, unwrittenValue } from "./answers.ts";
import { kindOfRun, type Run } from "./run.ts";
import { attributeOf, readAttributes } from "./span-attributes.ts";
import { type SpanMessages, spanMessages } from "./span-messages.ts";
import { momentOf } from "./times.ts";

const KIND_KEYS = [
  "langfuse.observation.type",
  "gen_ai.operation.name",
  "openinference.span.kind",
  "traceloop.span.kind",
  "mlflow.spanType",
  "mcp.method.name",
  "llm.request.type",
] as const;
const NAMED_TOOL = /^(?:execute_tool|tools\/call|running tool:?|tool[:.])\s*(\S+)/i;
const NAMED_MODEL = /^(?:chat|text_completion|generate_content)\s\S/i;
/** How telemetry of the AI SDK names its operations. */
const AI_SDK = /^ai\.(?:generate|stream)(?:Text|Object)(\.do\w+)?/;

/** Reads a span of OpenTelemetry in any of its JSON forms, with attributes of the GenAI conventions, OpenInference or others; undefined where it is none. */
export function spanRun(span: JsonObject, logged: readonly JsonObject[]): Run | undefined {
  const isBare = attributeOf(span, ...KIND_KEYS) !== undefined && span.attributes === undefined;
  const attributes = isBare ? span : readAttributes(span.attributes ?? span.Attributes ?? span.tags);
  if (!isBare && !isSpan(span)) return undefined;
  const name = textOf(span.name) ?? textOf(span.operationName) ?? textOf(span.Name) ?? "";
  const kind = kindOf(span, attributes, name);
  const startMs = startOf(span);
  const messages = spanMessages(attributes, [...eventsOf(span), ...logged]);
  return {
    id: spanId(span),
    parent: parentId(span),
    kind,
    name: nameOf(kind, attributes, name),
    startMs,
    endMs: endOf(span, startMs),
    order: undefined,
    given: kind === "tool" || kind === "retrieval" ? givenOf(givenIn(attributes)) : undefined,
    answer: answerIn(span, attributes, kind),
    callId: textOf(
      attributeOf(attributes, "gen_ai.tool.call.id", "tool_call.id", "tool.id", "ai.toolCall.id"),
    ),
    ...conversation(kind, messages, attributes),
    usage: kind === "model" ? usageOf(attributes) : undefined,
  };
}

function isSpan(span: JsonObject): boolean {
  const hasId = spanId(span) !== undefined || isJsonObject(span.context);
  const hasTimes = startOf(span) !== undefined || span.status !== undefined || span.kind !== undefined;
  const hasAttributes =
    span.attributes !== undefined || span.tags !== undefined || span.Attributes !== undefined;
  const hasName = ["name", "operationName", "Name"].some((key) => typeof span[key] === "string");
  return hasName && (hasAttributes || hasTimes) && (hasId || hasAttributes) && span.run_type === undefined;
}

function contextOf(span: JsonObject): JsonObject {
  return [span.context, span.spanContext, span.SpanContext].find(isJsonObject) ?? {};
}

/** Gives the id of a span; ids are hexadecimal and written in either case. */
export function spanId(span: JsonObject): string | undefined {
  const context = contextOf(span);
  const told =
    span.spanId ?? span.span_id ?? span.spanID ?? context.span_id ?? context.spanId ?? context.SpanID;
  return textOf(told ?? span.id)?.toLowerCase();
}

function parentId(span: JsonObject): string | undefined {
  const references = objectsOf(span.references);
  const parent = [span.parentSpanContext, span.Parent, span.parent].find(isJsonObject) ?? {};
  const told =
    span.parentSpanId ??
    span.parent_span_id ??
    span.parent_id ??
    span.parentId ??
    parent.spanId ??
    parent.SpanID ??
    references.find(({ refType }) => refType === "CHILD_OF")?.spanID;
  return textOf(told)?.toLowerCase();
}

function startOf(span: JsonObject): number | undefined {
  return momentOf(
    span.startTimeUnixNano ??
      span.start_time_unix_nano ??
      span.start_time ??
      span.startTime ??
      span.StartTime ??
      span.start_time_ns ??
      span.timestamp,
  );
}

function endOf(span: JsonObject, startMs: number | undefined): number | undefined {
  const told = momentOf(
    span.endTimeUnixNano ??
      span.end_time_unix_nano ??
      span.end_time ??
      span.endTime ??
      span.EndTime ??
      span.end_time_ns,
  );
  if (told !== undefined || startMs === undefined) return told;
  // Jaeger, Zipkin and console exporters count microseconds.
  return typeof span.duration === "number" ? startMs + span.duration / 1_000 : undefined;
}

function kindOf(span: JsonObject, attributes: JsonObject, name: string): Run["kind"] {
  const words = [...KIND_KEYS.map((key) => attributeOf(attributes, key)), span.span_kind, span.span_type];
  const told = words.map((word) => kindOfRun(typeof word === "string" ? unwrittenValue(word) : word));
  const known = told.find((kind) => kind !== undefined && kind !== "group");
  if (known !== undefined) return known;
  const operation = textOf(attributeOf(attributes, "ai.operationId", "operation.name")) ?? name;
  const ofSdk = AI_SDK.exec(operation);
  if (ofSdk !== null) return ofSdk[1] === undefined ? "group" : "model";
  if (operation.startsWith("ai.toolCall") || NAMED_TOOL.test(name)) return "tool";
  if (told.includes("group")) return "group";
  if (attributeOf(attributes, "gen_ai.tool.name", "ai.toolCall.name") !== undefined) return "tool";
  const isModel = attributeOf(attributes, "gen_ai.request.model", "llm.model_name") !== undefined;
  return isModel || NAMED_MODEL.test(name) ? "model" : "group";
}

function nameOf(kind: Run["kind"], attributes: JsonObject, name: string): string {
  const told = {
    tool: [
      "gen_ai.tool.name",
      "tool.name",
      "ai.toolCall.name",
      "traceloop.entity.name",
      "tool_call.function.name",
    ],
    retrieval: ["gen_ai.data_source.id", "retrieval.source"],
    model: ["gen_ai.response.model", "gen_ai.request.model", "llm.model_name", "llm.model"],
    group: ["gen_ai.agent.name", "agent.name"],
  }[kind];
  const known = textOf(attributeOf(attributes, ...told));
  if (known !== undefined) return known;
  if (kind === "model") return "chat";
  return NAMED_TOOL.exec(name)?.[1] ?? name.split(" ").at(-1) ?? name;
}

function givenIn(attributes: JsonObject): JsonValue | undefined {
  return attributeOf(
    attributes,
    "gen_ai.tool.call.arguments",
    "ai.toolCall.args",
    "tool_arguments",
    "tool_call.function.arguments",
    "langfuse.observation.input",
    "traceloop.entity.input",
    "mlflow.spanInputs",
    "input.value",
    "tool.parameters",
    "gen_ai.retrieval.query.text",
  );
}

function answerIn(span: JsonObject, attributes: JsonObject, kind: Run["kind"]): Run["answer"] {
  const error = errorIn(span, attributes);
  if (error !== undefined) return { error };
  if (kind !== "tool" && kind !== "retrieval") return {};
  const documents = attributeOf(attributes, "gen_ai.retrieval.documents", "retrieval.documents");
  if (kind === "retrieval" && documents !== undefined) return answerOf(documents);
  return outputOf(
    attributeOf(
      attributes,
      "gen_ai.tool.call.result",
      "ai.toolCall.result",
      "tool_response",
      "langfuse.observation.output",
      "traceloop.entity.output",
      "mlflow.spanOutputs",
      "output.value",
    ),
  );
}

function errorIn(span: JsonObject, attributes: JsonObject): string | undefined {
  const status = isJsonObject(span.status) ? span.status : isJsonObject(span.Status) ? span.Status : {};
  const code = String(status.code ?? status.status_code ?? status.Code ?? span.status_code ?? span.status);
  const isFailed = /^(?:2|(?:STATUS_CODE[_.])?ERROR)$/i.test(code) || attributes.error === true;
  const thrown = eventsOf(span).find(({ name }) => name === "exception");
  const told = [
    status.message ?? status.description ?? status.Description ?? span.status_message,
    attributeOf(attributes, "exception.message", "error.message", "langfuse.observation.status_message"),
    thrown === undefined ? undefined : attributeOf(readAttributes(thrown.attributes), "exception.message"),
    attributeOf(attributes, "error.type"),
  ].find((text) => textOf(text) !== undefined);
  const isMarked = isFailed || attributeOf(attributes, "error.type", "exception.message") !== undefined;
  return isMarked ? errorText(told ?? "error") : undefined;
}

function eventsOf(span: JsonObject): readonly JsonObject[] {
  const logs = objectsOf(span.logs).map((log) => {
    const attributes = readAttributes(log.fields);
    return { name: attributes.event ?? null, attributes };
  });
  return [...objectsOf(span.events ?? span.Events), ...logs];
}

function conversation(
  kind: Run["kind"],
  { input, output }: SpanMessages,
  attributes: JsonObject,
): Pick<Run, "input" | "output"> {
  if (kind === "tool" || kind === "retrieval") return { input: undefined, output: undefined };
  return {
    input:
      input ??
      attributeOf(
        attributes,
        "langfuse.observation.input",
        "langfuse.trace.input",
        "input.value",
        "traceloop.entity.input",
        "mlflow.spanInputs",
      ),
    output:
      output ??
      attributeOf(
        attributes,
        "langfuse.observation.output",
        "langfuse.trace.output",
        "output.value",
        "traceloop.entity.output",
        "mlflow.spanOutputs",
      ),
  };
}

function usageOf(attributes: JsonObject): Usage {
  const count = (...keys: readonly string[]): number => {
    const told = Number(attributeOf(attributes, ...keys) ?? 0);
    return Number.isSafeInteger(told) && told > 0 ? told : 0;
  };
  return {
    inputTokens: count(
      "gen_ai.usage.input_tokens",
      "gen_ai.usage.prompt_tokens",
      "llm.token_count.prompt",
      "llm.usage.prompt_tokens",
      "ai.usage.promptTokens",
    ),
    outputTokens: count(
      "gen_ai.usage.output_tokens",
      "gen_ai.usage.completion_tokens",
      "llm.token_count.completion",
      "llm.usage.completion_tokens",
      "ai.usage.completionTokens",
    ),
    cacheReadTokens: count("gen_ai.usage.cache_read.input_tokens"),
    cacheWriteTokens: count("gen_ai.usage.cache_creation.input_tokens"),
  };
}
