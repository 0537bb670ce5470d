import type { JsonObject, JsonValue } from "../json.ts";
import { NO_USAGE, type Span, type Trajectory, type Usage } from "../trajectory/trajectory.ts";
import type { ReportedCall } from "./postmortem.ts";
import type { Message } from "./read-messages.ts";

const STEPS_MAX = 500;

/** One step that a trace tells of, whatever its format. */
export interface TraceStep {
  readonly kind: "model" | "tool" | "retrieval";
  readonly name: string;
  /** Of a tool: what it was called with, where the trace says so. */
  readonly arguments?: JsonObject | undefined;
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
  readonly usage?: Usage | undefined;
  readonly stopReason?: string | undefined;
}

/** What a pasted trace shows. */
export interface ObservedTrace {
  readonly trajectory: Trajectory;
  readonly calls: readonly ReportedCall[];
  readonly messages: readonly Message[];
}

/** Brings the steps of a trace to a trajectory and to reported calls; a trace without any step is none. */
export function observedTrace(trace: TraceSteps): ObservedTrace | undefined {
  const steps = withoutRepeats(trace.steps).slice(0, STEPS_MAX);
  if (steps.length === 0 && trace.output === "") return undefined;
  const spans = steps.map(spanOf);
  const ends = spans.map(({ startMs, durationMs }) => startMs + durationMs);
  return {
    trajectory: {
      spans,
      stopReason: trace.stopReason ?? "completed",
      output: trace.output,
      usage: trace.usage ?? NO_USAGE,
      turns: Math.max(1, steps.filter(({ kind }) => kind === "model").length),
      latencyMs: Math.max(0, ...ends),
      gaps: [],
    },
    calls: steps.filter(({ kind }) => kind === "tool").map(callOf),
    messages: trace.messages,
  };
}

/** One call may be told twice, by its caller and by the server that ran it. */
function withoutRepeats(steps: readonly TraceStep[]): readonly TraceStep[] {
  const seen = new Set<string>();
  return steps.filter(({ kind, name, callId }) => {
    if (kind !== "tool" || callId === undefined) return true;
    const key = `${callId} ${name}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function spanOf(step: TraceStep, index: number): Span {
  return {
    id: `s${index + 1}`,
    kind: step.kind,
    name: `${step.kind}:${step.name}`,
    status: step.error === undefined ? "succeeded" : "failed",
    ...(step.kind === "tool" ? { call: { tool: step.name, arguments: step.arguments ?? {} } } : {}),
    ...(step.result === undefined ? {} : { result: step.result }),
    startMs: Math.max(0, step.startMs ?? 0),
    durationMs: Math.max(0, step.durationMs ?? 0),
    ...(step.usage === undefined ? {} : { usage: step.usage }),
  };
}

function callOf({ name, arguments: given, result, error }: TraceStep): ReportedCall {
  const call = { tool: name, arguments: given, result };
  return error === undefined ? call : { ...call, error };
}
