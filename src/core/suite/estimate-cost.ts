import type { Agent } from "../agent/agent.ts";
import type { Fixture } from "../fixture/fixture.ts";
import { costOfUsage, dearestCostOfUsage, type Prices } from "../trial/prices.ts";
import { trialsMaxOf } from "../trial/stopping.ts";
import type { Selected } from "./suite.ts";

/** A token of English or code has about so many letters; other languages take more tokens. */
const LETTERS_PER_TOKEN = 4;
/** What an answer, and what a tool says, adds to a conversation where nothing is known of it. */
const TOKENS_PER_STEP = 300;
const OUTPUT_TOKENS_MAX = 4_096;

/** What an estimate is made from. */
export interface Estimated {
  readonly selected: readonly Selected[];
  readonly agents: ReadonlyMap<string, Agent>;
  readonly trialsMax: number;
  /** Two where a baseline may be run as well. */
  readonly sides: 1 | 2;
  readonly prices: Prices;
  /** What a trial of a fixture cost in the last run, in USD, by its id. */
  readonly seen: ReadonlyMap<string, number>;
}

/** What a run will cost before anybody is asked. */
export interface CostEstimate {
  /** Where every fixture passes: one side, all trials; by the last run where it is known, else by the length of the texts. */
  readonly likelyUsd: number;
  /** Where every agent takes all the turns and tokens it may, and every baseline is run to the end. */
  readonly mostUsd: number;
  readonly trialsMax: number;
  /** Fixtures whose cost is known from the last run. */
  readonly seenFixtures: number;
  /** Counted at the dearest known price. */
  readonly unpricedModels: readonly string[];
  /** Fixtures of agents that run elsewhere, of which nothing is known: they count as nothing. */
  readonly elsewhere: number;
}

/** Estimates what running these fixtures costs; judges, and what is taken from the cache, are not counted. */
export function estimateCost(given: Estimated): CostEstimate {
  const unpriced = new Set<string>();
  let likelyUsd = 0;
  let mostUsd = 0;
  let trials = 0;
  let seenFixtures = 0;
  let elsewhere = 0;
  for (const { file } of given.selected) {
    const { fixture } = file;
    const most = trialsMaxOf(fixture.trials, given.trialsMax);
    trials += most * given.sides;
    const seen = given.seen.get(fixture.id);
    const agent = given.agents.get(fixture.agent);
    if (agent === undefined || !("model" in agent)) {
      elsewhere += 1;
      continue;
    }
    if (seen !== undefined) seenFixtures += 1;
    const cost = trialCost(agent, fixture, given.prices);
    if (!cost.isPriced) unpriced.add(agent.model);
    likelyUsd += most * (seen ?? cost.likelyUsd);
    mostUsd += most * given.sides * Math.max(cost.mostUsd, seen ?? 0);
  }
  const unpricedModels = [...unpriced].sort();
  return { likelyUsd, mostUsd, trialsMax: trials, seenFixtures, unpricedModels, elsewhere };
}

function trialCost(agent: Extract<Agent, { model: string }>, fixture: Fixture, prices: Prices) {
  const { max_tokens: outputMax } = agent.parameters;
  const prompt = tokensIn(agent.system, agent.tools, fixture.input);
  const likelyTurns = Math.min(agent.maxTurns, 1 + Object.keys(fixture.tools).length);
  const cost = (turns: number, output: number) => {
    // Every request holds all that was said before it.
    const inputTokens = turns * prompt + (output + TOKENS_PER_STEP) * ((turns * (turns - 1)) / 2);
    const usage = { inputTokens, outputTokens: turns * output, cacheReadTokens: 0, cacheWriteTokens: 0 };
    const known = costOfUsage(agent.model, usage, prices);
    return { usd: known ?? dearestCostOfUsage(usage, prices), isPriced: known !== undefined };
  };
  const most = cost(agent.maxTurns, typeof outputMax === "number" ? outputMax : OUTPUT_TOKENS_MAX);
  return { likelyUsd: cost(likelyTurns, TOKENS_PER_STEP).usd, mostUsd: most.usd, isPriced: most.isPriced };
}

function tokensIn(...parts: readonly unknown[]): number {
  return Math.ceil(JSON.stringify(parts).length / LETTERS_PER_TOKEN);
}
