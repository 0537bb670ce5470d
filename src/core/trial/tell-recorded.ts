import type { JsonValue } from "../json.ts";
import type { RecordedStep } from "../trajectory/recordings.ts";
import type { Span, SpanKind } from "../trajectory/trajectory.ts";
import { approvalStatus, decidersIn, policyStatus } from "./read-decision.ts";

/** What the agent is told by a recorded answer, and what the span of the call holds of it. */
interface Told {
  readonly content: string;
  readonly isError: boolean;
  readonly span: Pick<Span, "status" | "result" | "error" | "changes" | "by" | "planted">;
}

/** Tells the agent what was recorded: an answer, a failure as an error, broken text as it stands. */
export function tell(step: RecordedStep, kind: SpanKind): Told {
  const told = toldBy(step, kind);
  return {
    ...told,
    span: {
      ...told.span,
      ...(step.sets === undefined ? {} : { changes: step.sets }),
      ...(step.planted === undefined ? {} : { planted: step.planted }),
    },
  };
}

function toldBy(step: RecordedStep, kind: SpanKind): Told {
  const { error, timeout_ms, malformed, denied } = step;
  if (error !== undefined) return failure("error", error, step.return);
  if (timeout_ms !== undefined) return failure("timeout", `timed out after ${timeout_ms} ms`);
  if (denied !== undefined) {
    return { content: denied, isError: true, span: { status: "denied", result: denied } };
  }
  if (malformed !== undefined) {
    const broken = { type: "malformed", message: "the answer is broken text" } as const;
    return {
      content: malformed,
      isError: false,
      span: { status: "failed", result: malformed, error: broken },
    };
  }
  return answered(step.return ?? null, kind);
}

function failure(type: "error" | "timeout", message: string, result?: JsonValue): Told {
  const span = {
    status: "failed",
    error: { type, message },
    ...(result === undefined ? {} : { result }),
  } as const;
  return { content: message, isError: true, span };
}

function answered(result: JsonValue, kind: SpanKind): Told {
  const by = kind === "approval" || kind === "policy" ? decidersIn(result) : [];
  return {
    content: typeof result === "string" ? result : JSON.stringify(result),
    isError: false,
    span: { status: statusOf(kind, result), result, ...(by.length === 0 ? {} : { by }) },
  };
}

function statusOf(kind: SpanKind, result: JsonValue): Span["status"] {
  if (kind === "approval") return approvalStatus(result);
  return kind === "policy" ? policyStatus(result) : "succeeded";
}
