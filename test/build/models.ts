import type { DeclarativeAgent } from "../../src/core/agent/agent.ts";
import type { AskModel, ChatAnswer, ChatRequest, Part } from "../../src/core/agent/chat.ts";
import { assertionsOf } from "../../src/core/grading/assertions.ts";
import type { Evidence, JudgeDecision } from "../../src/core/grading/grader.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { Usage } from "../../src/core/trajectory/trajectory.ts";
import { pricesWith } from "../../src/core/trial/prices.ts";
import type { TrialSetting } from "../../src/core/trial/run-trial.ts";
import { ExternalFailure } from "../../src/ports/external-failure.ts";
import { aFixture } from "./fixtures.ts";

/** What each answer of a scripted model takes. */
const AN_ANSWERS_USAGE: Usage = {
  inputTokens: 1_000,
  outputTokens: 100,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
};

/** An agent that reads orders, asks for approval, refunds, searches and hands over. */
export function anAgent(overrides: Partial<DeclarativeAgent> = {}): DeclarativeAgent {
  return {
    name: "refund",
    target: "anthropic",
    model: "claude-sonnet-5-5",
    parameters: {},
    system: "You refund orders.",
    tools: ["read_order", "issue_refund", "request_approval", "search_docs", "escalate"].map((name) => ({
      name,
      input_schema: { type: "object" },
    })),
    retrieval: undefined,
    handoffs: {},
    spans: {},
    maxTurns: 6,
    ...overrides,
  };
}

/** An answer that says something and calls nothing. */
export function says(text: string): ChatAnswer {
  return { parts: [{ kind: "text", text }], stop: "end", usage: AN_ANSWERS_USAGE, durationMs: 200 };
}

/** An answer that calls these tools, and may say something first. */
export function calls(made: Readonly<Record<string, JsonObject>>, text = ""): ChatAnswer {
  const parts = Object.entries(made).map(([tool, callArguments]): Part => {
    return { kind: "tool_call", id: `call_${tool}`, tool, arguments: callArguments };
  });
  const said: readonly Part[] = text === "" ? [] : [{ kind: "text", text }];
  return { parts: [...said, ...parts], stop: "tool_use", usage: AN_ANSWERS_USAGE, durationMs: 200 };
}

/** A model that gives these answers one after the other, in each conversation anew, and keeps what it was asked. */
export function aModel(answers: readonly ChatAnswer[]): AskModel & { readonly asked: ChatRequest[] } {
  const asked: ChatRequest[] = [];
  const ask: AskModel = async (request) => {
    asked.push(request);
    const turn = request.turns.filter(({ role }) => role === "assistant").length;
    const answer = answers[turn];
    if (answer === undefined) throw new Error(`the script has no answer for turn ${turn + 1}`);
    return answer;
  };
  return Object.assign(ask, { asked });
}

/** A model whose conversations go each its own way: the first script for the first one, and so on, the last for all others. */
export function aChangingModel(...scripts: readonly (ChatAnswer | Error)[]): AskModel {
  let begun = 0;
  return async () => {
    const answer = scripts[Math.min(begun, scripts.length - 1)];
    begun += 1;
    if (answer === undefined) throw new Error("the script is empty");
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

/** A failure of the provider. */
export function anOutage(retryable = true): ExternalFailure {
  return new ExternalFailure("the provider is overloaded", { system: "anthropic", retryable });
}

/** A judge that decides the same of every item. */
export function aJudge(verdict: JudgeDecision["verdict"]): Evidence["askJudge"] {
  return async ({ items }) => ({
    kind: "decided",
    decisions: items.map(() => ({ verdict, because: `I say ${verdict}` })),
    judge: "claude-haiku-5-5, version 0123456789ab",
    model: "claude-haiku-5-5",
    usage: AN_ANSWERS_USAGE,
  });
}

/** A judge that cannot be asked. */
export const NO_JUDGE: Evidence["askJudge"] = async () => ({ kind: "unavailable", because: "no judge here" });

/** All that a trial of the refund agent needs; a model that says that it is done, a clock that stands still. */
export function aTrialSetting(overrides: Partial<TrialSetting> = {}): TrialSetting {
  const fixture = overrides.fixture ?? aFixture();
  return {
    agents: new Map([["refund", anAgent()]]),
    fixture,
    assertions: assertionsOf(fixture),
    askModel: aModel([says("Done.")]),
    askJudge: NO_JUDGE,
    prices: pricesWith({}),
    now: () => 0,
    signal: new AbortController().signal,
    ...overrides,
  };
}
