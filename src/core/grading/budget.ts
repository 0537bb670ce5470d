import type { Span, Usage } from "../trajectory/trajectory.ts";
import type { Evidence, Grade, Grader } from "./grader.ts";

const COST_DECIMALS = 4;

/** Passes when the trial cost no more than this; a model without a known price cannot be graded. */
export function budgetCost(limitUsd: number): Grader {
  return async ({ costUsd, trajectory }) => {
    if (costUsd === undefined) {
      return {
        kind: "ungraded",
        because: trajectory.spans.some(isUntold)
          ? UNTOLD
          : "the price of the model is not known: name it under `gate.prices` in the configuration",
      };
    }
    return within("cost", usdText(costUsd), costUsd <= limitUsd, usdText(limitUsd));
  };
}

/** Passes when the agent took no longer than this. */
export const budgetLatency = limited("latency", ({ trajectory }) => Math.round(trajectory.latencyMs), "ms");

/** Passes when the agent took no more tokens than this, of all kinds together; a request that does not tell leaves it open. */
export function budgetTokens(limit: number): Grader {
  const compare = limited("tokens", ({ trajectory }) => tokensOf(trajectory.usage), "tokens")(limit);
  return async (evidence) =>
    evidence.trajectory.spans.some(isUntold)
      ? { kind: "ungraded", because: UNTOLD }
      : await compare(evidence);
}

const UNTOLD = "the trace does not tell how many tokens each request took";

function isUntold({ kind, usage }: Span): boolean {
  return kind === "model" && usage === undefined;
}

/** Passes when the model was asked no more often than this. */
export const budgetTurns = limited("turns", ({ trajectory }) => trajectory.turns, "turns");

function limited(what: string, measure: (evidence: Evidence) => number, unit: string) {
  return (limit: number): Grader =>
    async (evidence) => {
      const measured = measure(evidence);
      return within(what, `${measured} ${unit}`, measured <= limit, `${limit} ${unit}`);
    };
}

function within(what: string, measured: string, isWithin: boolean, limit: string): Grade {
  return isWithin
    ? { kind: "pass", because: `${what}: ${measured} of at most ${limit}` }
    : {
        kind: "fail",
        because: `${what}: ${measured}, more than ${limit}`,
        expected: `at most ${limit}`,
        observed: measured,
      };
}

function tokensOf(usage: Usage): number {
  return usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}

function usdText(costUsd: number): string {
  return `$${costUsd.toFixed(COST_DECIMALS)}`;
}
