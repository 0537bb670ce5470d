import type { AskModel } from "../core/agent/chat.ts";
import { costOfUsage, pricesWith } from "../core/trial/prices.ts";
import type { Metrics } from "../ports/metrics.ts";

/** The built-in prices: what a repository sets is its own. */
const PRICES = pricesWith({});

/** The models that are counted under their own name. */
export const KNOWN_MODELS: readonly string[] = [...PRICES.keys()];

/** Has every request to a model counted, with its tokens and what they cost. */
export function countedModel(ask: AskModel, metrics: Metrics): AskModel {
  return async (request, signal) => {
    const { model } = request;
    try {
      const answer = await ask(request, signal);
      const { usage } = answer;
      metrics.note({ kind: "model_answered", model, usage, costUsd: costOfUsage(model, usage, PRICES) });
      return answer;
    } catch (cause) {
      metrics.note({ kind: "model_failed", model });
      throw cause;
    }
  };
}
