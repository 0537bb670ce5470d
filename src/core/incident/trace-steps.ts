import type { JsonObject, JsonValue } from "../json.ts";
import { NO_USAGE, type Span, type Trajectory, type Usage } from "../trajectory/trajectory.ts";
import type { ReportedCall } from "./postmortem.ts";
import type { Message } from "./read-messages.ts";

/** Steps of a run that are kept; what comes after them is left out. */
export const STEPS_MAX = 500;

/** One step that a trace tells of, whatever its format. */
export interface TraceStep {
  readonly kind: "model" | "tool" | "retrieval";
  readonly name: string;
  /** Of a tool: what it was called with, where the trace says so. */
  readonly arguments?: JsonObject | undefined;
  /** Undefined where nobody tells: unknown, not empty. */
  readonly result?: JsonValue | undefined;
  readonly error?: string | undefined;
  readonly callId?: string | undefined;
  readonly startMs?: number | undefined;
  readonly durationMs?: number | undefined;
  readonly usage?: Usage | undefined;
}

/** A trace in any format, brought to steps. */
export interface TraceSteps {
  readonly steps: readonly TraceStep[];
  readonly messages: readonly Message[];
  /** The final answer, where the trace holds it. */
  readonly output: string;
  readonly stopReason?: string | undefined;
}

/** What a pasted trace shows. */
export interface ObservedTrace {
  /** What the agent did, as every format can tell it: without times, tokens and requests to the model. */
  readonly trajectory: Trajectory;
  readonly calls: readonly ReportedCall[];
  readonly messages: readonly Message[];
}

/** Brings the steps of a trace to a trajectory and to reported calls; a trace without any step is none. */
export function observedTrace({
  steps,
  messages,
  output,
  stopReason,
}: TraceSteps): ObservedTrace | undefined {
  const done = steps.filter(({ kind }) => kind !== "model").slice(0, STEPS_MAX);
  if (done.length === 0 && output === "") return undefined;
  return {
    trajectory: {
      spans: done.map(spanOf),
      stopReason: stopReason ?? "completed",
      output,
      usage: NO_USAGE,
      turns: 0,
      latencyMs: 0,
      gaps: [],
    },
    calls: done.filter(({ kind }) => kind === "tool").map(callOf),
    messages,
  };
}

function spanOf(step: TraceStep, index: number): Span {
  const { kind, name, result, error } = step;
  return {
    id: `s${index + 1}`,
    kind,
    name: `${kind}:${name}`,
    status: error === undefined ? "succeeded" : "failed",
    ...(kind === "tool" ? { call: { tool: name, arguments: step.arguments ?? {} } } : {}),
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error: { type: "error", message: error } }),
    startMs: 0,
    durationMs: 0,
  };
}

function callOf({ name, arguments: given, result, error }: TraceStep): ReportedCall {
  const call = { tool: name, arguments: given, result };
  return error === undefined ? call : { ...call, error };
}
