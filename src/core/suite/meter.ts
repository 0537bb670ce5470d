import type { AskModel } from "../agent/chat.ts";
import type { AskJudge } from "../grading/grader.ts";
import type { Usage } from "../trajectory/trajectory.ts";
import { costOfUsage, type Prices } from "../trial/prices.ts";

/** Counts what a run spends, whichever trial asked and whatever became of it. */
export interface Meter {
  readonly spentUsd: () => number;
  /** Models that were asked and have no known price: what was spent is then a lower bound. */
  readonly unpricedModels: () => readonly string[];
  readonly metered: (ask: AskModel) => AskModel;
  readonly meteredJudge: (ask: AskJudge) => AskJudge;
}

/** Makes a meter that stands at nothing. */
export function createMeter(prices: Prices): Meter {
  let spentUsd = 0;
  const unpriced = new Set<string>();
  const count = (model: string, usage: Usage) => {
    const cost = costOfUsage(model, usage, prices);
    if (cost === undefined) unpriced.add(model);
    else spentUsd += cost;
  };
  return {
    spentUsd: () => spentUsd,
    unpricedModels: () => [...unpriced].sort(),
    metered: (ask) => async (request, signal) => {
      const answer = await ask(request, signal);
      count(request.model, answer.usage);
      return answer;
    },
    meteredJudge: (ask) => async (question) => {
      const answer = await ask(question);
      if (answer.kind === "decided") count(answer.model, answer.usage);
      return answer;
    },
  };
}
