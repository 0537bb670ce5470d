import type { Agent } from "../agent/agent.ts";
import type { Part } from "../agent/chat.ts";
import type { Document, Fixture, Recording } from "../fixture/fixture.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { matchRecording } from "../trajectory/recordings.ts";
import { queryOf, searchDocuments } from "../trajectory/retrieval.ts";
import type { Gap, Span, SpanKind } from "../trajectory/trajectory.ts";

/** A tool call as a model makes it. */
export type ToolCall = Extract<Part, { kind: "tool_call" }>;

/** What a tool call came to: its spans, what the agent is told, and what it does to the run. */
export interface AnsweredCall {
  readonly spans: readonly CallSpan[];
  readonly content: string;
  readonly isError: boolean;
  readonly gap?: Gap;
  /** Declared stop reason: the run ends after this turn. */
  readonly stop?: string;
  /** Name of the agent that takes over. */
  readonly handoff?: string;
}

/** A span before it has its place in the trajectory. */
type CallSpan = Omit<Span, "id" | "startMs" | "durationMs">;

const GRANTED_WORDS: readonly string[] = ["approved", "granted"];
const DENIED_WORDS: readonly string[] = ["denied", "rejected", "refused"];

/** Answers a tool call from what the fixture and the commit hold; nothing is ever executed. */
export function answerCall(agent: Agent, fixture: Fixture, call: ToolCall): AnsweredCall {
  const takesOver = own(agent.handoffs, call.tool);
  if (takesOver !== undefined) return handOver(call, takesOver, own(agent.spans, call.tool)?.stop);
  if (agent.retrieval?.tool === call.tool) return retrieve(agent.retrieval.documents, fixture, call);
  if (!agent.tools.some((tool) => tool.name === call.tool)) return refuseUnknown(call);
  return replayRecording(agent, fixture, call);
}

function handOver(call: ToolCall, agent: string, stop: string | undefined): AnsweredCall {
  const content = JSON.stringify({ handed_over_to: agent });
  const span: CallSpan = {
    kind: "workflow",
    name: `workflow:${agent}`,
    status: "succeeded",
    call: madeBy(call),
  };
  return { spans: [span], content, isError: false, handoff: agent, ...(stop === undefined ? {} : { stop }) };
}

function retrieve(documentsOfAgent: readonly Document[], fixture: Fixture, call: ToolCall): AnsweredCall {
  const pinned = fixture.input.context.documents;
  const documents = searchDocuments(pinned.length > 0 ? pinned : documentsOfAgent, queryOf(call.arguments));
  const names = documents.length === 0 ? ["none"] : documents.map(({ source }) => source);
  const spans = names.map((source, index): CallSpan => {
    const span: CallSpan = { kind: "retrieval", name: `retrieval:${source}`, status: "succeeded" };
    return index === 0 ? { ...span, call: madeBy(call) } : span;
  });
  return { spans, content: JSON.stringify(documents), isError: false };
}

function refuseUnknown(call: ToolCall): AnsweredCall {
  const span: CallSpan = { kind: "tool", name: `tool:${call.tool}`, status: "failed", call: madeBy(call) };
  return { spans: [span], content: `no such tool: ${call.tool}`, isError: true };
}

function replayRecording(agent: Agent, fixture: Fixture, call: ToolCall): AnsweredCall {
  const rule = own(agent.spans, call.tool);
  const name = rule?.as ?? `tool:${call.tool}`;
  const kind = kindOf(name);
  const answer = matchRecording(own(fixture.tools, call.tool) ?? [], call.tool, call.arguments);
  const base = { kind, name, call: madeBy(call) };

  if (answer.kind === "gap") {
    const span: CallSpan = { ...base, status: "waiting" };
    // A call that ends the run has nobody left who would read its answer.
    if (rule?.stop !== undefined) return { spans: [span], content: "", isError: false, stop: rule.stop };
    return { spans: [span], content: "", isError: true, gap: answer.gap };
  }

  const { recording } = answer;
  const span: CallSpan = {
    ...base,
    status: rule?.stop !== undefined && kind === "approval" ? "waiting" : statusOf(kind, recording),
    ...(recording.return === undefined ? {} : { result: recording.return }),
    ...(recording.side_effect === undefined ? {} : { sideEffect: recording.side_effect }),
  };
  return {
    spans: [span],
    content: recording.error ?? textOf(recording.return ?? null),
    isError: recording.error !== undefined,
    ...(rule?.stop === undefined ? {} : { stop: rule.stop }),
  };
}

function statusOf(kind: SpanKind, recording: Recording): Span["status"] {
  if (recording.error !== undefined) return "failed";
  return kind === "approval" ? approvalStatus(recording.return ?? null) : "succeeded";
}

/** Reads what an approver said; an answer that neither grants nor denies leaves the agent waiting. */
function approvalStatus(answer: JsonValue): Span["status"] {
  const said = isJsonObject(answer) ? answer : { decision: answer };
  if (said.approved === true || said.granted === true) return "succeeded";
  if (said.approved === false || said.granted === false || said.denied === true) return "denied";
  const words = [said.decision, said.status, said.state].map((word) => String(word).toLowerCase());
  if (words.some((word) => DENIED_WORDS.includes(word))) return "denied";
  return words.some((word) => GRANTED_WORDS.includes(word)) ? "succeeded" : "waiting";
}

function textOf(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function madeBy(call: ToolCall): { readonly tool: string; readonly arguments: JsonObject } {
  return { tool: call.tool, arguments: call.arguments };
}

/** Looks up a name that a model chose: `constructor` is a name like any other. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

const KINDS: readonly SpanKind[] = [
  "model",
  "tool",
  "retrieval",
  "policy",
  "approval",
  "workflow",
  "message",
];

function kindOf(name: string): SpanKind {
  return KINDS.find((kind) => name.startsWith(`${kind}:`)) ?? "tool";
}
