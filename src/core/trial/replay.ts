import { type Agent, type DeclarativeAgent, isDeclarative } from "../agent/agent.ts";
import { type AskModel, type ChatAnswer, type Part, type Turn, textOf } from "../agent/chat.ts";
import type { Fixture } from "../fixture/fixture.ts";
import type { CountAnswered } from "../trajectory/recordings.ts";
import {
  addUsage,
  type Gap,
  type Given,
  NO_USAGE,
  type Span,
  type Trajectory,
  type Usage,
} from "../trajectory/trajectory.ts";
import {
  type AnsweredCall,
  answerCall,
  type CallSpan,
  type ToolCall,
  unansweredCall,
} from "./answer-call.ts";
import { draftRequest, openingTurns } from "./conversation.ts";
import { deliveredKinds } from "./delivered-kinds.ts";
import { type GivenBefore, NOTHING_GIVEN, newlyGiven } from "./newly-given.ts";

/** An answer longer than this is cut: no case needs it, and it would be kept for every trial. */
const OUTPUT_LENGTH_MAX = 100_000;
const CALLS_PER_TURN_MAX = 50;
const CALLS_MAX = 500;

/** All that a replay is given. */
export interface Replay {
  readonly agents: ReadonlyMap<string, Agent>;
  readonly fixture: Fixture;
  readonly askModel: AskModel;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly signal: AbortSignal;
}

/** The run as it stands between two turns. */
interface State {
  readonly agent: DeclarativeAgent;
  readonly turns: readonly Turn[];
  /** What the last request held: whose prompt, and how many turns. */
  readonly given: GivenBefore;
  readonly spans: readonly Span[];
  readonly gaps: readonly Gap[];
  readonly usage: Usage;
  readonly output: string;
  readonly isOutputCut: boolean;
  readonly asked: number;
  readonly calls: number;
  readonly latencyMs: number;
  readonly stopReason: string | undefined;
}

/** Runs a declarative agent on a fixture: its model is asked, its tools answer from recordings, nothing is executed. */
export async function replay(given: Replay): Promise<Trajectory> {
  const first = agentNamed(given, given.fixture.agent);
  let state: State = {
    agent: first,
    turns: openingTurns(given.fixture),
    given: NOTHING_GIVEN,
    spans: [],
    gaps: [],
    usage: NO_USAGE,
    output: "",
    isOutputCut: false,
    asked: 0,
    calls: 0,
    latencyMs: 0,
    stopReason: undefined,
  };
  while (state.stopReason === undefined && state.asked < first.maxTurns) {
    state = await runTurn(given, state);
  }
  return {
    spans: state.spans,
    stopReason: state.stopReason ?? "max_turns",
    output: state.output,
    ...(state.isOutputCut ? { isOutputCut: true } : {}),
    usage: state.usage,
    turns: state.asked,
    latencyMs: state.latencyMs,
    gaps: state.gaps,
    kinds: deliveredKinds(given.agents, first),
  };
}

async function runTurn(given: Replay, state: State): Promise<State> {
  given.signal.throwIfAborted();
  const startedMs = given.now();
  const request = draftRequest(state.agent, given.fixture, state.turns);
  const answer = await given.askModel(request, given.signal);
  const durationMs = answer.durationMs ?? given.now() - startedMs;

  const heard = hear(state, answer, durationMs, newlyGiven(state.agent, request, state.given, given.fixture));
  const calls = answer.parts.filter((part) => part.kind === "tool_call");
  const ending = endingOf(answer, calls, heard);
  if (ending === undefined) return answerCalls(given, heard, calls);
  // What a model takes back with a refusal is not called for.
  const unanswered = ending === "refused" ? [] : leftUnanswered(heard, calls);
  return { ...heard, spans: [...heard.spans, ...unanswered], stopReason: ending };
}

/** What an answer calls for is done by whoever does not look why it ended; of very many calls each tool is told once. */
function leftUnanswered(state: State, calls: readonly ToolCall[]): readonly Span[] {
  const told =
    calls.length > CALLS_PER_TURN_MAX ? new Map(calls.map((call) => [call.tool, call])).values() : calls;
  return [...told].flatMap((call, index) => placed([unansweredCall(state.agent, call)], index, state));
}

function hear(state: State, answer: ChatAnswer, durationMs: number, given: Given): State {
  const span: Span = {
    id: `${state.asked + 1}`,
    kind: "model",
    name: `model:${state.agent.model}`,
    status: answer.stop === "refusal" ? "denied" : "succeeded",
    startMs: state.latencyMs,
    durationMs,
    usage: answer.usage,
    agent: state.agent.name,
    given,
  };
  const said = textOf(answer.parts);
  return {
    ...state,
    given: { agent: state.agent.name, turns: state.turns.length },
    turns: [...state.turns, { role: "assistant", parts: answer.parts }],
    spans: [...state.spans, span],
    usage: addUsage(state.usage, answer.usage),
    output: said.slice(0, OUTPUT_LENGTH_MAX),
    isOutputCut: said.length > OUTPUT_LENGTH_MAX,
    asked: state.asked + 1,
    latencyMs: state.latencyMs + durationMs,
  };
}

function endingOf(answer: ChatAnswer, calls: readonly ToolCall[], state: State): string | undefined {
  if (answer.stop === "refusal") return "refused";
  // The last call of an answer that was cut off may lack half of its arguments.
  if (answer.stop === "max_tokens") return "max_tokens";
  if (calls.length === 0) return "completed";
  const isTooMuch = calls.length > CALLS_PER_TURN_MAX || state.calls + calls.length > CALLS_MAX;
  return isTooMuch ? "max_turns" : undefined;
}

function answerCalls(given: Replay, state: State, calls: readonly ToolCall[]): State {
  const answered = answerInTurn(given, state, calls);
  const gaps = answered.flatMap(({ gap }) => (gap === undefined ? [] : [gap]));
  const handoff = answered.find((one) => one.handoff !== undefined)?.handoff;
  const declared = answered.find((one) => one.stop !== undefined)?.stop;
  const results = answered.map((one, index): Part => {
    return { kind: "tool_result", id: calls[index]?.id ?? "", content: one.content, isError: one.isError };
  });
  return {
    ...state,
    agent: handoff === undefined ? state.agent : agentNamed(given, handoff),
    turns: [...state.turns, { role: "user", parts: results }],
    spans: [...state.spans, ...answered.flatMap((one, index) => placed(one.spans, index, state))],
    gaps: [...state.gaps, ...gaps],
    calls: state.calls + calls.length,
    stopReason: gaps.length > 0 ? "no_recording" : declared,
  };
}

/** Calls of one turn are answered one after the other, as each may use up the answer of a sequence. */
function answerInTurn(given: Replay, state: State, calls: readonly ToolCall[]): readonly AnsweredCall[] {
  const used = state.spans.flatMap(({ recording }) => recording ?? []);
  return calls.map((call) => {
    const countAnswered: CountAnswered = (id) => used.filter((one) => one === id).length;
    const answered = answerCall(state.agent, given.fixture, call, countAnswered);
    used.push(...answered.spans.flatMap(({ recording }) => recording ?? []));
    return answered;
  });
}

function placed(spans: readonly CallSpan[], call: number, state: State): readonly Span[] {
  return spans.map((span, index) => {
    const id = `${state.asked}.${call + 1}`;
    return {
      ...span,
      id: index === 0 ? id : `${id}.${index + 1}`,
      agent: state.agent.name,
      startMs: state.latencyMs,
      durationMs: 0,
    };
  });
}

function agentNamed({ agents }: Replay, name: string): DeclarativeAgent {
  const agent = agents.get(name);
  if (agent === undefined || !isDeclarative(agent))
    throw new Error(
      `the caller let a fixture run on the agent ${name}, which is not there or runs elsewhere`,
    );
  return agent;
}
