import type { Config } from "../../core/config/config.ts";
import { createMeter, spentText } from "../../core/suite/meter.ts";
import { pricesWith } from "../../core/trial/prices.ts";
import type { Models } from "./deps.ts";

/** Models whose requests share one limit, and the signal to make those requests with. */
export interface LimitedModels {
  readonly models: Models;
  /** Ends with the signal that was given, and once the money is spent; its reason then says so. */
  readonly signal: AbortSignal;
}

/** Puts what drafting one incident asks of models, for whatever purpose, under the money limit of a run. */
export function limitModels(models: Models, { gate }: Config, signal: AbortSignal): LimitedModels {
  const stopper = new AbortController();
  const meter = createMeter({
    prices: pricesWith(gate.prices),
    maxCostUsd: gate.max_cost_usd,
    onSpent: () => stopper.abort(new Error(spentText("drafting of an incident", gate.max_cost_usd))),
  });
  return {
    models: {
      ...models,
      ask: meter.metered(models.ask),
      judgeWith: (judge) => meter.meteredJudge(models.judgeWith(judge)),
      outside: meter.meteredOutside(models.outside),
    },
    signal: AbortSignal.any([signal, stopper.signal]),
  };
}
