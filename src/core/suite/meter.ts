import type { AskModel } from "../agent/chat.ts";
import { type OutsideAgents, wrapOutside } from "../agent/outside.ts";
import { type AskJudge, usesOf } from "../grading/grader.ts";
import type { Usage } from "../trajectory/trajectory.ts";
import { costOfUsage, dearestCostOfUsage, type Prices } from "../trial/prices.ts";

/** Counts what is spent, whichever trial asked and whatever became of it. */
export interface Meter {
  /** What was spent at known prices: a lower bound where `unpricedModels` names one. */
  readonly spentUsd: () => number;
  /** Models that were asked and have no known price. */
  readonly unpricedModels: () => readonly string[];
  readonly metered: (ask: AskModel) => AskModel;
  readonly meteredJudge: (ask: AskJudge) => AskJudge;
  /** Counts what agents that run elsewhere tell of their models. */
  readonly meteredOutside: (outside: OutsideAgents) => OutsideAgents;
}

/** How much may be spent, and what happens once it is. */
export interface Spending {
  readonly prices: Prices;
  readonly maxCostUsd: number;
  /** Called when the limit is reached; has to abort the signal that requests are made with, so that no more follow. */
  readonly onSpent: () => void;
}

/**
 * Makes a meter that stands at nothing.
 *
 * Towards the limit a model without a known price counts at the dearest known one: what is judged names its
 * own model, and must not get round the limit with a name that nobody has priced.
 */
export function createMeter({ prices, maxCostUsd, onSpent }: Spending): Meter {
  let spentUsd = 0;
  let countedUsd = 0;
  const unpriced = new Set<string>();
  const count = (model: string, usage: Usage) => {
    const costUsd = costOfUsage(model, usage, prices);
    if (costUsd === undefined) unpriced.add(model);
    spentUsd += costUsd ?? 0;
    countedUsd += costUsd ?? dearestCostOfUsage(usage, prices);
    if (countedUsd >= maxCostUsd) onSpent();
  };
  return {
    spentUsd: () => spentUsd,
    unpricedModels: () => [...unpriced].sort(),
    metered: (ask) => async (request, signal) => {
      signal.throwIfAborted();
      const answer = await ask(request, signal);
      count(request.model, answer.usage);
      return answer;
    },
    meteredJudge: (ask) => async (question, signal) => {
      signal.throwIfAborted();
      const answer = await ask(question, signal);
      for (const { model, usage } of usesOf(answer)) count(model, usage);
      return answer;
    },
    meteredOutside: (outside) =>
      wrapOutside(outside, (run) => async (agent, fixture, signal) => {
        signal.throwIfAborted();
        const trajectory = await run(agent, fixture, signal);
        for (const { kind, name, usage } of trajectory.spans) {
          if (kind === "model" && usage !== undefined) count(name.slice("model:".length), usage);
        }
        return trajectory;
      }),
  };
}

/** Says that a limit is reached, as the reason why what is left was not done. */
export function spentText(what: string, maxCostUsd: number): string {
  return `the ${what} may cost $${maxCostUsd} (\`gate.max_cost_usd\`), and that is spent`;
}
