import { type AgentAnswer, SPANS_MAX, type ToldSpan } from "../agent/outside-contract.ts";
import { readTrace } from "../incident/trace/read-trace.ts";
import type { TraceStep } from "../incident/trace-steps.ts";
import { kindOfName, type ServedDocument, type Span, type Usage } from "../trajectory/trajectory.ts";

/** A step as an agent tells of it: what it does not say of its end is left out. */
export type ToldStep = Omit<Span, "id" | "status"> & { readonly status: Span["status"] | undefined };

/** What an answer tells, whatever its form. */
export interface Told {
  readonly steps: readonly ToldStep[];
  readonly output: string;
  readonly stopReason: string | undefined;
}

/** Brings the spans or the trace of an answer to steps; an answer with neither has none. */
export function toldSteps({ spans, trace }: AgentAnswer): Told {
  if (spans !== undefined) return { steps: spans.map(ofSpan), output: "", stopReason: undefined };
  const read = trace === undefined ? undefined : readTrace([trace]);
  if (read === undefined) return { steps: [], output: "", stopReason: undefined };
  return {
    steps: read.steps.slice(0, SPANS_MAX).map(ofTrace),
    output: read.output,
    stopReason: read.stopReason,
  };
}

function ofSpan(told: ToldSpan): ToldStep {
  const { name, tool, arguments: given, status, result, error, by, agent, document, usage } = told;
  const kind = kindOfName(name) ?? "tool";
  const called = tool ?? (kind === "tool" ? name.slice("tool:".length) : undefined);
  return {
    kind,
    name,
    status: status ?? (error === undefined ? undefined : "failed"),
    ...(called === undefined ? {} : { call: { tool: called, arguments: given ?? {} } }),
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error }),
    ...(by === undefined ? {} : { by }),
    ...(agent === undefined ? {} : { agent }),
    ...(document === undefined ? {} : { document: readDocument(document) }),
    ...(told.given === undefined ? {} : { given: told.given }),
    ...(usage === undefined ? {} : { usage: readUsage(usage) }),
    startMs: told.start_ms ?? 0,
    durationMs: told.duration_ms ?? 0,
  };
}

/** No request takes nothing: a trace whose counts are all 0 holds none. */
function isUntold({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): boolean {
  return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens === 0;
}

function readDocument({ source, version, date }: NonNullable<ToldSpan["document"]>): ServedDocument {
  return {
    source,
    ...(version === undefined ? {} : { version }),
    ...(date === undefined ? {} : { date }),
  };
}

function readUsage(usage: NonNullable<ToldSpan["usage"]>): Usage {
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_tokens ?? 0,
    cacheWriteTokens: usage.cache_write_tokens ?? 0,
    ...(usage.reasoning_tokens === undefined ? {} : { reasoningTokens: usage.reasoning_tokens }),
  };
}

function ofTrace(step: TraceStep): ToldStep {
  const { kind, name, arguments: given, result, error, usage } = step;
  return {
    kind,
    name: `${kind}:${name}`,
    status: error === undefined ? undefined : "failed",
    ...(kind === "tool" ? { call: { tool: name, arguments: given ?? {} } } : {}),
    ...(result === undefined ? {} : { result }),
    ...(error === undefined ? {} : { error: { type: "error", message: error } }),
    ...(kind === "retrieval" ? { document: { source: name } } : {}),
    ...(usage === undefined || isUntold(usage) ? {} : { usage }),
    startMs: Math.max(0, step.startMs ?? 0),
    durationMs: Math.max(0, step.durationMs ?? 0),
  };
}
