import type { JsonObject, JsonValue } from "../json.ts";
import { matchesWildcard } from "../text/wildcard.ts";

/** Kinds of spans; `model`, `tool` and `retrieval` are the OpenTelemetry GenAI operations chat, execute_tool and retrieval. */
export const SPAN_KINDS = [
  "model",
  "tool",
  "retrieval",
  "policy",
  "approval",
  "workflow",
  "message",
  "memory",
] as const;
export type SpanKind = (typeof SPAN_KINDS)[number];

/** How a call failed: the tool said so, did not answer in time, answered in broken text, or does not exist; or its arguments were broken text. */
export interface SpanError {
  readonly type: "error" | "timeout" | "malformed" | "unknown_tool" | "malformed_call";
  readonly message: string;
}

/** What was put before the model with a request, beyond what its earlier requests held. */
export interface Given {
  /** Prompt, messages and tool results, as texts. */
  readonly texts: readonly string[];
  /** Sources of the documents that were given without a search. */
  readonly documents: readonly string[];
  readonly state: JsonObject;
}

/** What is known of a served document beside its text. */
export interface ServedDocument {
  readonly source: string;
  readonly version?: string;
  /** A day such as 2026-04-18. */
  readonly date?: string;
}

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
  readonly error?: SpanError;
  /** What the call would have done to the world; it was captured and not executed. */
  readonly sideEffect?: string;
  /** What the call would have changed in the state of the case. */
  readonly changes?: JsonObject;
  /** The agent that took the step. */
  readonly agent?: string;
  /** Who decided, as an approval or a policy says: names and roles. */
  readonly by?: readonly string[];
  /** What an injection tries that the fixture planted in the answer. */
  readonly planted?: string;
  /** The recording that answered, such as `read_order[0]`. */
  readonly recording?: string;
  /** Of retrieval spans: what was served. */
  readonly document?: ServedDocument;
  /** Of model spans: what the model was given. */
  readonly given?: Given;
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
  /** Those of the output that went into reasoning, where the provider tells. */
  readonly reasoningTokens?: number;
}

/** A call that no recording answers, with the recording that came nearest. */
export interface Gap {
  readonly tool: string;
  readonly arguments: JsonObject;
  readonly nearest: JsonObject | undefined;
  /** Where the call and the nearest recording part, in words. */
  readonly differs: readonly string[];
}

/** What the agent did in a trial. */
export interface Trajectory {
  readonly spans: readonly Span[];
  /** `completed`, `max_turns`, `max_tokens` (cut off), `refused`, a declared stop, or `no_recording` where the replay could not go on. */
  readonly stopReason: string;
  /** The final answer. */
  readonly output: string;
  /** The answer was longer than anybody needs, and only its beginning was kept. */
  readonly isOutputCut?: boolean;
  readonly usage: Usage;
  readonly turns: number;
  readonly latencyMs: number;
  /** Calls without a recording: any gap makes the trial ungraded. */
  readonly gaps: readonly Gap[];
  /** Kinds of spans that the target can deliver; every kind where it does not say. */
  readonly kinds?: ReadonlySet<SpanKind>;
}

/** No tokens at all. */
export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };

/** Adds up what two steps took. */
export function addUsage(a: Usage, b: Usage): Usage {
  const isReasoningTold = a.reasoningTokens !== undefined || b.reasoningTokens !== undefined;
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    ...(isReasoningTold ? { reasoningTokens: (a.reasoningTokens ?? 0) + (b.reasoningTokens ?? 0) } : {}),
  };
}

/** Tells whether a span is meant by a name in a fixture: its own name, or `tool:` and the tool that was called; `*` stands for anything. */
export function isNamed(span: Span, name: string): boolean {
  return (
    matchesWildcard(span.name, name) ||
    (span.call !== undefined && matchesWildcard(`tool:${span.call.tool}`, name))
  );
}

/** Reads the kind out of a span's name; undefined where it is none of ours, or a wildcard. */
export function kindOfName(name: string): SpanKind | undefined {
  return SPAN_KINDS.find((kind) => name.startsWith(`${kind}:`));
}
