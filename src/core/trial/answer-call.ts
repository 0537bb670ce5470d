import type { DeclarativeAgent } from "../agent/agent.ts";
import type { Part } from "../agent/chat.ts";
import type { Document, Fixture } from "../fixture/fixture.ts";
import { excerpt } from "../grading/excerpt.ts";
import { isDeeperThan, type JsonObject } from "../json.ts";
import { type CountAnswered, matchRecording } from "../trajectory/recordings.ts";
import { queryOf, searchDocuments } from "../trajectory/retrieval.ts";
import { servedDocument } from "../trajectory/served-document.ts";
import { type Gap, kindOfName, type Span, type SpanError } from "../trajectory/trajectory.ts";
import { tell } from "./tell-recorded.ts";

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
export type CallSpan = Omit<Span, "id" | "startMs" | "durationMs">;

/** Arguments that nest deeper than any tool needs could not be compared or shown. */
const ARGUMENTS_DEPTH_MAX = 60;

/** Answers a tool call from what the fixture and the commit hold; nothing is ever executed. */
export function answerCall(
  agent: DeclarativeAgent,
  fixture: Fixture,
  call: ToolCall,
  countAnswered: CountAnswered,
): AnsweredCall {
  if (call.malformed !== undefined) return refuseMalformed(call, call.malformed);
  if (isDeeperThan(call.arguments, ARGUMENTS_DEPTH_MAX)) return refuseDeep(call);
  const takesOver = own(agent.handoffs, call.tool);
  if (takesOver !== undefined) return handOver(call, takesOver, own(agent.spans, call.tool)?.stop);
  if (agent.retrieval?.tool === call.tool) return retrieve(agent.retrieval.documents, fixture, call);
  if (!agent.tools.some((tool) => tool.name === call.tool)) return refuseUnknown(call);
  return replayRecording(agent, fixture, call, countAnswered);
}

/** The span of a call that a run ends before it answers: it was made, whoever may act on it. */
export function unansweredCall({ spans }: DeclarativeAgent, call: ToolCall): CallSpan {
  const name = own(spans, call.tool)?.as ?? `tool:${call.tool}`;
  const message = "the run ended before this call was answered";
  const error: SpanError = { type: "error", message };
  return { kind: kindOfName(name) ?? "tool", name, status: "failed", call: madeBy(call), error };
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
  const found = documents.map((document): CallSpan => {
    const name = `retrieval:${document.source}`;
    return { kind: "retrieval", name, status: "succeeded", document: servedDocument(document) };
  });
  const [first = { kind: "retrieval", name: "retrieval:none", status: "succeeded" } as const, ...others] =
    found;
  const content = JSON.stringify(documents);
  return { spans: [{ ...first, call: madeBy(call) }, ...others], content, isError: false };
}

/** A tool that the model made up is answered as any client answers it: with an error, and the run goes on. */
function refuseUnknown(call: ToolCall): AnsweredCall {
  const message = `no such tool: ${call.tool}`;
  return failed(call, { type: "unknown_tool", message });
}

/** Arguments that are no JSON object are told to the model as any client tells them; it may call again. */
function refuseMalformed(call: ToolCall, written: string): AnsweredCall {
  const message = `the arguments of ${call.tool} are no JSON object: ${excerpt(written)}`;
  return failed(call, { type: "malformed_call", message });
}

function refuseDeep(call: ToolCall): AnsweredCall {
  const message = `the arguments nest deeper than ${ARGUMENTS_DEPTH_MAX} levels`;
  return failed({ ...call, arguments: {} }, { type: "error", message });
}

function failed(call: ToolCall, error: SpanError): AnsweredCall {
  const name = `tool:${call.tool}`;
  const span: CallSpan = { kind: "tool", name, status: "failed", call: madeBy(call), error };
  return { spans: [span], content: error.message, isError: true };
}

function replayRecording(
  agent: DeclarativeAgent,
  fixture: Fixture,
  call: ToolCall,
  countAnswered: CountAnswered,
): AnsweredCall {
  const rule = own(agent.spans, call.tool);
  const name = rule?.as ?? `tool:${call.tool}`;
  const kind = kindOfName(name) ?? "tool";
  const recordings = own(fixture.tools, call.tool) ?? [];
  const answer = matchRecording(recordings, call.tool, call.arguments, countAnswered);
  const base = { kind, name, call: madeBy(call) };

  if (answer.kind === "gap") {
    const span: CallSpan = { ...base, status: "waiting" };
    // A call that ends the run has nobody left who would read its answer.
    if (rule?.stop !== undefined) return { spans: [span], content: "", isError: false, stop: rule.stop };
    return { spans: [span], content: "", isError: true, gap: answer.gap };
  }

  const told = tell(answer.step, kind);
  const sideEffect = answer.recording.side_effect;
  const span: CallSpan = {
    ...base,
    ...told.span,
    ...(rule?.stop !== undefined && kind === "approval" ? { status: "waiting" } : {}),
    ...(sideEffect === undefined ? {} : { sideEffect }),
    recording: answer.id,
  };
  return {
    spans: [span],
    content: told.content,
    isError: told.isError,
    ...(rule?.stop === undefined ? {} : { stop: rule.stop }),
  };
}

function madeBy(call: ToolCall): { readonly tool: string; readonly arguments: JsonObject } {
  return { tool: call.tool, arguments: call.arguments };
}

/** Looks up a name that a model chose: `constructor` is a name like any other. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
