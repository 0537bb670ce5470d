import type { OutsideAgent } from "../agent/agent.ts";
import type { Fixture } from "../fixture/fixture.ts";
import { type CountAnswered, matchRecording } from "../trajectory/recordings.ts";
import { type Gap, kindOfName, type Span } from "../trajectory/trajectory.ts";
import { approvalStatus, decidersIn, policyStatus } from "./read-decision.ts";
import { tell } from "./tell-recorded.ts";
import type { ToldStep } from "./told-steps.ts";

/** A step joined with the recording that answers it, or the gap where none does. */
export interface JoinedStep {
  readonly span: Omit<Span, "id">;
  readonly gap?: Gap;
}

/** Joins a step of an agent that runs elsewhere with what the configuration and the recordings know of its call. */
export function joinRecording(
  told: ToldStep,
  agent: OutsideAgent,
  fixture: Fixture,
  countAnswered: CountAnswered,
): JoinedStep {
  const { call } = told;
  if (call === undefined) return { span: { ...told, status: endOf(told) } };
  const rule = own(agent.spans, call.tool);
  const name = told.kind === "tool" ? (rule?.as ?? told.name) : told.name;
  const kind = kindOfName(name) ?? "tool";
  const by = told.by ?? (isDecision(kind) ? decidersIn(told.result ?? null) : []);
  const step: ToldStep = { ...told, name, kind, ...(by.length === 0 ? {} : { by }) };
  // A call of a tool that is not there, or with no arguments to speak of, reached nothing that could be recorded.
  if (step.error?.type === "unknown_tool" || step.error?.type === "malformed_call")
    return { span: { ...step, status: "failed" } };

  const answer = matchRecording(
    own(fixture.tools, call.tool) ?? [],
    call.tool,
    call.arguments,
    countAnswered,
  );
  if (answer.kind === "gap") {
    const isEnd = rule?.stop !== undefined;
    const span = { ...step, status: isEnd ? (step.status ?? "waiting") : endOf(step) };
    // A search is no call that anybody has to record, and a call that ends the run has nobody left who reads its answer.
    return isEnd || step.kind === "retrieval" ? { span } : { span, gap: answer.gap };
  }
  const recorded = tell(answer.step, step.kind).span;
  const isSilent = step.status === undefined && step.result === undefined;
  const sideEffect = answer.recording.side_effect;
  const ended: Omit<Span, "id"> = isSilent
    ? { ...step, ...recorded }
    : { ...step, ...marksOf(recorded), status: endOf(step) };
  return {
    span: {
      ...ended,
      ...(rule?.stop !== undefined && ended.kind === "approval" && isSilent ? { status: "waiting" } : {}),
      ...(sideEffect === undefined ? {} : { sideEffect }),
      recording: answer.id,
    },
  };
}

/** What only the fixture knows of an answer. */
function marksOf({ changes, planted }: Pick<Span, "changes" | "planted">): Pick<Span, "changes" | "planted"> {
  return {
    ...(changes === undefined ? {} : { changes }),
    ...(planted === undefined ? {} : { planted }),
  };
}

function isDecision(kind: Span["kind"]): boolean {
  return kind === "approval" || kind === "policy";
}

/** How a step ended, by what it says or by what its result says. */
function endOf({ kind, status, result }: ToldStep): Span["status"] {
  if (status !== undefined) return status;
  if (kind === "approval") return approvalStatus(result ?? null);
  return kind === "policy" ? policyStatus(result ?? null) : "succeeded";
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
