import type { Config } from "../config/config.ts";
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

// None of these was compared with a price list; `gate.prices` goes before them.
// Claude: gathered on 2026-11-20 from excerpts of the provider's pages and, for Haiku 5.5's long prompts and the cache
// reads at 0.05, of others. GPT: written down on 2026-11-21 from memory and from what others say of them.
const PRICES: Readonly<Record<string, Price>> = {
  "gpt-5.4": { input: 2.5, output: 15 },
  "gpt-5.4-mini": { input: 0.75, output: 4.5 },
  "gpt-5.2": { input: 1.75, output: 14 },
  "gpt-5.1": { input: 1.25, output: 10 },
  "gpt-5": { input: 1.25, output: 10 },
  "gpt-5-mini": { input: 0.25, output: 2 },
  "gpt-5-nano": { input: 0.05, output: 0.4 },
  "gpt-4.1": { input: 2, output: 8, cacheRead: 0.25 },
  "gpt-4.1-mini": { input: 0.4, output: 1.6, cacheRead: 0.25 },
  "gpt-4.1-nano": { input: 0.1, output: 0.4, cacheRead: 0.25 },
  "gpt-4o": { input: 2.5, output: 10, cacheRead: 0.5 },
  "gpt-4o-mini": { input: 0.15, output: 0.6, cacheRead: 0.5 },
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
export function pricesWith(configured: Readonly<Record<string, ConfiguredPrice>>): Prices {
  const own = Object.entries(configured).map(([model, price]) => [model, readPrice(price)] as const);
  return new Map([...Object.entries(PRICES), ...own]);
}

/** A price as a configuration says it, all in USD per million tokens. */
type ConfiguredPrice = Config["gate"]["prices"][string];

function readPrice({ input, output, cache_read }: ConfiguredPrice): Price {
  if (cache_read === undefined || input === 0) return { input, output };
  return { input, output, cacheRead: cache_read / input };
}

/** Cost of one request in USD, or undefined where the model has no known price; a dated name costs what its model costs. */
export function costOfUsage(model: string, usage: Usage, prices: Prices): number | undefined {
  const price = prices.get(model) ?? prices.get(model.replace(/-20\d{2}-?\d{2}-?\d{2}$/, ""));
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

/** Cost of all the model requests of a trajectory, or undefined where one of them has no known price or does not tell its tokens. */
export function costOfTrajectory({ spans }: Trajectory, prices: Prices): number | undefined {
  let total = 0;
  for (const { kind, name, usage } of spans) {
    if (kind !== "model") continue;
    // A trace that does not tell is no trial for nothing.
    if (usage === undefined) return undefined;
    const cost = costOfUsage(name.slice("model:".length), usage, prices);
    if (cost === undefined) return undefined;
    total += cost;
  }
  return total;
}
