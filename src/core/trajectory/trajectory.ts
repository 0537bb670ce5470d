import type { JsonObject, JsonValue } from "../json.ts";

/** Kinds of spans; `model`, `tool` and `retrieval` are the OpenTelemetry GenAI operations chat, execute_tool and retrieval. */
export type SpanKind = "model" | "tool" | "retrieval" | "policy" | "approval" | "workflow" | "message";

/** One step of the agent. */
export interface Span {
  /** Unique in its trajectory. */
  readonly id: string;
  readonly kind: SpanKind;
  /** `kind:name`, such as `tool:read_order` or `approval:required`. */
  readonly name: string;
  readonly status: "succeeded" | "failed" | "denied" | "waiting";
  /** The tool call behind the span, which is also known as `tool:<call.tool>`; of several spans of one call the first has it. */
  readonly call?: { readonly tool: string; readonly arguments: JsonObject };
  readonly result?: JsonValue;
  /** What the call would have done to the world; it was captured and not executed. */
  readonly sideEffect?: string;
  /** Since the start of the trial, in milliseconds. */
  readonly startMs: number;
  readonly durationMs: number;
  readonly usage?: Usage;
}

/** Tokens that a trial took. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
}

/** A call that no recording answers, with the recording that came nearest. */
export interface Gap {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly nearest: JsonObject | undefined;
}

/** What the agent did in a trial. */
export interface Trajectory {
  readonly spans: readonly Span[];
  /** `completed`, `max_turns`, `max_tokens` (cut off), `refused`, a declared stop, or `no_recording` where the replay could not go on. */
  readonly stopReason: string;
  /** The final answer. */
  readonly output: string;
  readonly usage: Usage;
  readonly turns: number;
  readonly latencyMs: number;
  /** Calls without a recording: any gap makes the trial ungraded. */
  readonly gaps: readonly Gap[];
}

/** No tokens at all. */
export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

/** Adds up what two steps took. */
export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
  };
}

/** Tells whether a span is meant by a name in a fixture: its own name, or `tool:` and the tool that was called. */
export function isNamed(span: Span, name: string): boolean {
  return span.name === name || (span.call !== undefined && `tool:${span.call.tool}` === name);
}
