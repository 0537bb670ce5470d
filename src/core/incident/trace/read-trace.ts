import { isJsonObject, type JsonObject, type JsonValue } from "../../json.ts";
import type { TraceStep, TraceSteps } from "../trace-steps.ts";
import { collectRuns } from "./collect-runs.ts";
import { isMessage, messagesUnder } from "./conversation-items.ts";
import { joinEvents } from "./join-events.ts";
import { eventsOfMessage, roleOf, unwrapped } from "./message-events.ts";
import { orderRuns } from "./order-runs.ts";
import { eventsOfRecord, recordsIn } from "./record-events.ts";
import { eventsOfRuns } from "./run-events.ts";
import type { TraceEvent } from "./trace-event.ts";

const VALUES_MAX = 20_000;

/** What values tell, and what of them is left out. */
export interface ReadTrace extends TraceSteps {
  /** Conversations that begin otherwise than the first one; they are other runs and were not read. */
  readonly otherRuns: number;
  /** There was more than is read. */
  readonly isCut: boolean;
}

/**
 * Reads a trace out of JSON values: spans of OpenTelemetry (OTLP, printed, Jaeger) with GenAI, OpenInference or other
 * attributes, runs of LangSmith, observations of Langfuse, messages of any common API, or lines of a log; one value, a list,
 * or one for each line of a file. Undefined where they tell of no run.
 */
export function readTrace(values: readonly JsonValue[]): ReadTrace | undefined {
  const { runs, isCut } = collectRuns(values);
  if (runs.some(({ kind }) => kind !== "group")) {
    const steps = fromZero(joinEvents(eventsOfRuns(orderRuns(runs))));
    return { ...steps, otherRuns: 0, isCut };
  }
  const told = conversationEvents(values.slice(0, VALUES_MAX));
  if (told.events.every(({ kind }) => kind === "stopped")) return undefined;
  return {
    ...joinEvents(told.events),
    otherRuns: told.otherRuns,
    isCut: isCut || values.length > VALUES_MAX,
  };
}

/** Counts the times of a trace from its first step, in whole milliseconds. */
function fromZero(trace: TraceSteps): TraceSteps {
  const begin = trace.steps.reduce(
    (least, { startMs }) => Math.min(least, startMs ?? least),
    Number.POSITIVE_INFINITY,
  );
  const steps = trace.steps.map((step): TraceStep => {
    if (step.startMs === undefined) return step;
    const durationMs = step.durationMs === undefined ? undefined : Math.round(step.durationMs);
    return { ...step, startMs: Math.round(step.startMs - begin), durationMs };
  });
  return { ...trace, steps };
}

interface Conversation {
  readonly events: readonly TraceEvent[];
  readonly otherRuns: number;
}

/** Requests of one conversation each repeat it from its beginning, so of what begins alike only what is new counts. */
function conversationEvents(values: readonly JsonValue[]): Conversation {
  const told: JsonObject[] = [];
  let otherRuns = 0;
  for (const value of values) {
    const items = itemsOf(value);
    const opening = items.length > 1 ? openingOf(items) : undefined;
    const first = openingOf(told);
    if (opening === undefined || first === undefined) told.push(...items);
    else if (opening === first) told.push(...items.slice(sharedLength(told, items)));
    else otherRuns += 1;
  }
  return { events: withRequests(told), otherRuns };
}

function itemsOf(value: JsonValue): readonly JsonObject[] {
  const values = Array.isArray(value) ? value : [value];
  return values.flatMap((item) => {
    if (!isJsonObject(item)) return Array.isArray(item) ? itemsOf(item) : [];
    if (isMessage(item)) return [item];
    const messages = messagesUnder(item, 0);
    return messages.length > 0 ? messages : recordsIn(item);
  });
}

function openingOf(items: readonly JsonObject[]): string | undefined {
  const first = items.find((item) => roleOf(unwrapped(item)) === "user");
  return first === undefined ? undefined : keyOf(first);
}

function sharedLength(known: readonly JsonObject[], items: readonly JsonObject[]): number {
  const parted = items.findIndex((item, index) => keyOf(item) !== keyOf(known[index] ?? {}));
  return parted === -1 ? items.length : parted;
}

function keyOf(item: JsonObject): string {
  return JSON.stringify(eventsOfItem(item));
}

function eventsOfItem(item: JsonObject): readonly TraceEvent[] {
  const events = eventsOfMessage(item);
  return events.length > 0 ? events : eventsOfRecord(item);
}

/** What the model says and calls in one go is one request to it. */
function withRequests(items: readonly JsonObject[]): readonly TraceEvent[] {
  let isOfModel = false;
  return items.flatMap((item) => {
    const events = eventsOfItem(item);
    const wasOfModel = isOfModel;
    isOfModel = events.some(
      (event) => event.kind === "called" || (event.kind === "said" && event.role === "assistant"),
    );
    const request: readonly TraceEvent[] =
      isOfModel && !wasOfModel ? [{ kind: "requested", name: "chat" }] : [];
    return [...request, ...events];
  });
}
