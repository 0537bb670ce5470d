import type { Trajectory, Usage } from "../trajectory/trajectory.ts";

/** What a model costs, in USD per million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
  /** Share of the input price that a token read from the cache costs. */
  readonly cacheRead?: number;
  /** Prices of a request whose prompt is longer than this many tokens. */
  readonly long?: { readonly above: number; readonly input: number; readonly output: number };
}

/** Prices by model. */
export type Prices = ReadonlyMap<string, Price>;

const CACHE_READ = 0.1;
const CACHE_WRITE = 1.25;
const PER = 1_000_000;

// Gathered on 2026-11-20 from excerpts of the provider's pages and, for Haiku 5.5's long prompts and the cache reads at
// 0.05, of others; not compared with the price list itself. `gate.prices` goes before them.
const PRICES: Readonly<Record<string, Price>> = {
  "claude-opus-5-5": { input: 4, output: 20, cacheRead: 0.05 },
  "claude-sonnet-5-5": { input: 2, output: 10, cacheRead: 0.05 },
  "claude-haiku-5-5": { input: 0.1, output: 0.5, long: { above: 100_000, input: 0.5, output: 2.5 } },
  "claude-fable-5-1": { input: 10, output: 50, cacheRead: 0.025 },
  "claude-mythos-5-1": { input: 10, output: 50, cacheRead: 0.025 },
  "claude-fable-5": { input: 10, output: 50 },
  "claude-mythos-5": { input: 10, output: 50 },
  "claude-opus-5": { input: 5, output: 25 },
  "claude-sonnet-5": { input: 2, output: 10 },
  "claude-opus-4-8": { input: 5, output: 25 },
  "claude-opus-4-7": { input: 5, output: 25 },
  "claude-opus-4-6": { input: 5, output: 25 },
  "claude-opus-4-5": { input: 5, output: 25 },
  "claude-sonnet-4-6": { input: 3, output: 15 },
  "claude-sonnet-4-5": { input: 3, output: 15 },
  "claude-haiku-4-5": { input: 1, output: 5 },
};

/** The built-in prices with those of the configuration on top. */
export function pricesWith(configured: Readonly<Record<string, Price>>): Prices {
  return new Map([...Object.entries(PRICES), ...Object.entries(configured)]);
}

/** Cost of one request in USD, or undefined where the model has no known price; a dated name costs what its model costs. */
export function costOfUsage(model: string, usage: Usage, prices: Prices): number | undefined {
  const price = prices.get(model) ?? prices.get(model.replace(/-20\d{6}$/, ""));
  if (price === undefined) return undefined;
  const prompt = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  const { input, output } = price.long !== undefined && prompt > price.long.above ? price.long : price;
  const weighted =
    usage.inputTokens +
    usage.cacheReadTokens * (price.cacheRead ?? CACHE_READ) +
    usage.cacheWriteTokens * CACHE_WRITE;
  return (weighted * input + usage.outputTokens * output) / PER;
}

/** What a request would cost in USD at the dearest of the known prices. */
export function dearestCostOfUsage(usage: Usage, prices: Prices): number {
  const costs = [...prices.keys()].map((model) => costOfUsage(model, usage, prices) ?? 0);
  return Math.max(0, ...costs);
}

/** Cost of all the model requests of a trajectory, or undefined where one of them has no known price. */
export function costOfTrajectory({ spans }: Trajectory, prices: Prices): number | undefined {
  let total = 0;
  for (const { kind, name, usage } of spans) {
    if (kind !== "model" || usage === undefined) continue;
    const cost = costOfUsage(name.slice("model:".length), usage, prices);
    if (cost === undefined) return undefined;
    total += cost;
  }
  return total;
}
