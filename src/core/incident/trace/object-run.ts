import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import { NO_USAGE } from "../../trajectory/trajectory.ts";
import { textOf } from "../read-json.ts";
import { errorText, givenOf, outputOf } from "./answers.ts";
import { kindOfRun, type Run } from "./run.ts";
import { momentOf, momentOfOrder } from "./times.ts";

/** Reads a run of LangSmith, an observation or trace of Langfuse, or a span of an agents SDK; undefined where it is none. */
export function objectRun(written: JsonObject): Run | undefined {
  const told = isJsonObject(written.span_data)
    ? { ...written, ...written.span_data, id: written.id ?? null }
    : written;
  const kind = kindOf(told);
  if (kind === undefined) return undefined;
  const order = textOf(told.dotted_order);
  const input = told.inputs ?? told.input;
  const output = told.outputs ?? told.output ?? told.response;
  const error = errorIn(told);
  const isCall = kind === "tool" || kind === "retrieval";
  return {
    id: textOf(told.id) ?? textOf(told.run_id) ?? textOf(told.observation_id),
    parent: parentOf(told),
    kind,
    name: textOf(kind === "model" ? (told.model ?? told.name) : told.name) ?? "unnamed",
    startMs:
      momentOf(told.start_time ?? told.startTime ?? told.started_at ?? told.timestamp ?? told.created_at) ??
      momentOfOrder(order),
    endMs: momentOf(told.end_time ?? told.endTime ?? told.ended_at),
    order,
    given: isCall ? givenOf(input) : undefined,
    answer: error === undefined ? (isCall ? outputOf(output) : {}) : { error },
    callId: callIdIn(output) ?? textOf(told.tool_call_id),
    input: isCall ? undefined : input,
    output: isCall ? undefined : output,
    usage: kind === "model" ? NO_USAGE : undefined,
  };
}

function kindOf(told: JsonObject): Run["kind"] | undefined {
  if (typeof told.run_type === "string") return kindOfRun(told.run_type);
  const isTimed = ["startTime", "start_time", "started_at"].some((key) => told[key] !== undefined);
  const isObserved = ["traceId", "trace_id", "parentObservationId", "parent_observation_id"].some(
    (key) => told[key] !== undefined,
  );
  if (typeof told.type === "string" && (isTimed || isObserved)) return kindOfRun(told.type);
  return Array.isArray(told.observations) ? "group" : undefined;
}

function parentOf(told: JsonObject): string | undefined {
  const parent =
    told.parent_run_id ?? told.parentObservationId ?? told.parent_observation_id ?? told.parent_id;
  const order = textOf(told.dotted_order)?.split(".").at(-2);
  return textOf(parent) ?? (order === undefined ? undefined : order.replace(/^\d{8}T\d+Z/, ""));
}

function errorIn(told: JsonObject): string | undefined {
  if (told.error !== undefined && told.error !== null && told.error !== "") return errorText(told.error);
  if (told.level !== "ERROR") return undefined;
  return errorText(textOf(told.statusMessage) ?? textOf(told.status_message) ?? "error");
}

/** A tool of LangChain gives back a message, which names the call. */
function callIdIn(output: JsonValue | undefined): string | undefined {
  const inner = isJsonObject(output) && isJsonObject(output.output) ? output.output : output;
  const message = isJsonObject(inner) && isJsonObject(inner.kwargs) ? inner.kwargs : inner;
  return isJsonObject(message) ? textOf(message.tool_call_id) : undefined;
}
