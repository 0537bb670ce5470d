import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Handler, json, type Reply, type Request, refusal } from "./github-front/exchange.ts";
import type { Sent, Wire } from "./wire-server.ts";

const ANSWERS_REMEMBERED_MAX = 2_000;
/** What was read earlier than this before a write is not what GitHub showed just before it: others have written since. */
export const ANSWER_AGE_MS_MAX = 500;

/** One thing that goes wrong with one request. */
export type Fault =
  | { readonly kind: "latency"; readonly ms: number }
  /** The request is answered so, and was not carried out. */
  | { readonly kind: "instead"; readonly reply: () => Reply }
  /** The request was carried out, and answered so. */
  | { readonly kind: "after"; readonly reply: () => Reply }
  | { readonly kind: "reset before" }
  | { readonly kind: "reset after" }
  | { readonly kind: "wire"; readonly wire: Wire }
  /** The request is carried out; for a while reads answer what they answered before. */
  | { readonly kind: "stale"; readonly lagMs: number };

/** Everything that goes wrong between servers, by the name by which a test's table calls it. */
export const FAULTS = {
  latency: { kind: "latency", ms: 150 },
  "500 before the effect": { kind: "instead", reply: () => refusal(500, "Server Error") },
  "502 after the effect": { kind: "after", reply: () => proxyPage(502) },
  "403 secondary limit": {
    kind: "instead",
    reply: () => limited(403, "You have exceeded a secondary rate limit.", { "retry-after": "1" }),
  },
  "429 too many requests": {
    kind: "instead",
    reply: () => limited(429, "Too many requests", { "retry-after": "1" }),
  },
  "403 primary limit": { kind: "instead", reply: () => primaryLimit() },
  "reset before the effect": { kind: "reset before" },
  "reset after the effect": { kind: "reset after" },
  "body cut off": { kind: "wire", wire: { kind: "cut" } },
  "401 for an expired token": { kind: "instead", reply: () => refusal(401, "Bad credentials") },
  "stale reads after a write": { kind: "stale", lagMs: 1_000 },
  "slow drip": { kind: "wire", wire: { kind: "drip", pauseMs: 20 } },
} as const satisfies Readonly<Record<string, Fault>>;

/** Decides for each request whether something goes wrong with it. */
export type FaultPlan = (request: Request) => Fault | undefined;

/** Faults in their order: each befalls the requests that fit, so many times. */
export function plannedFaults(
  rules: readonly {
    readonly when: (request: Request) => boolean;
    readonly fault: Fault;
    readonly times: number;
  }[],
): FaultPlan {
  const left = rules.map(({ times }) => times);
  return (request) => {
    const index = rules.findIndex(({ when }, at) => (left[at] ?? 0) > 0 && when(request));
    if (index === -1) return undefined;
    left[index] = (left[index] ?? 0) - 1;
    return rules[index]?.fault;
  };
}

/**
 * Faults by chance from a seed: the same request meets the same fate in every run, whatever runs beside it.
 * No request fails more than `inRowMax` times in a row, so that what is tried again comes through.
 */
export function randomFaults(options: {
  readonly seed: number;
  readonly rate: number;
  readonly among: readonly Fault[];
  readonly when?: (request: Request) => boolean;
  readonly inRowMax?: number;
}): FaultPlan {
  const { seed, rate, among, when = () => true, inRowMax = 2 } = options;
  const seen = new Map<string, { times: number; inRow: number }>();
  return (request) => {
    if (!when(request)) return undefined;
    const kind = kindOf(request);
    const { times, inRow } = seen.get(kind) ?? { times: 0, inRow: 0 };
    const [first, second] = chances(`${seed} ${kind} ${times}`);
    const fault = first < rate && inRow < inRowMax ? among[Math.floor(second * among.length)] : undefined;
    seen.set(kind, { times: times + 1, inRow: fault === undefined ? 0 : inRow + 1 });
    return fault;
  };
}

/** Stands before a handler and lets plans of faults befall what passes. */
export function faulty(handle: Handler): {
  readonly handle: (request: Request) => Promise<Sent>;
  /** From now on this plan is followed too, until it is asked to stop. */
  readonly inject: (plan: FaultPlan) => () => void;
} {
  const plans = new Set<FaultPlan>();
  const lastAnswers = new Map<string, { readonly reply: Reply; readonly atMs: number }>();
  let lags: readonly { readonly untilMs: number; readonly answers: ReadonlyMap<string, Reply> }[] = [];

  async function answer(request: Request): Promise<Reply> {
    if (request.method !== "GET") return await handle(request);
    lags = lags.filter(({ untilMs }) => untilMs > performance.now());
    const before = lags.find(({ answers }) => answers.has(request.path))?.answers.get(request.path);
    if (before !== undefined) return before;
    const atMs = performance.now();
    const reply = await handle(request);
    if (lastAnswers.size < ANSWERS_REMEMBERED_MAX) lastAnswers.set(request.path, { reply, atMs });
    return reply;
  }

  async function befall(request: Request, fault: Fault): Promise<Sent> {
    switch (fault.kind) {
      case "latency":
        await sleep(fault.ms);
        return await answer(request);
      case "instead":
        return fault.reply();
      case "after":
        await answer(request);
        return fault.reply();
      case "reset before":
        return { ...refusal(500, "reset"), wire: { kind: "reset" } };
      case "reset after":
        return { ...(await answer(request)), wire: { kind: "reset" } };
      case "wire":
        return { ...(await answer(request)), wire: fault.wire };
      case "stale": {
        const since = performance.now() - ANSWER_AGE_MS_MAX;
        const recent = [...lastAnswers].filter(([, { atMs }]) => atMs >= since);
        const answers = new Map(recent.map(([path, { reply }]) => [path, reply]));
        const reply = await answer(request);
        lags = [...lags, { untilMs: performance.now() + fault.lagMs, answers }];
        return reply;
      }
    }
  }

  return {
    async handle(request) {
      for (const plan of plans) {
        const fault = plan(request);
        if (fault !== undefined) return await befall(request, fault);
      }
      return await answer(request);
    },
    inject(plan) {
      plans.add(plan);
      return () => plans.delete(plan);
    },
  };
}

/** A request without what differs from run to run. */
function kindOf({ method, path }: Request): string {
  return `${method} ${path.replaceAll(/[0-9a-f]{40}/g, "sha")}`;
}

function chances(text: string): readonly [number, number] {
  const digest = createHash("sha256").update(text).digest();
  return [digest.readUInt32BE(0) / 2 ** 32, digest.readUInt32BE(4) / 2 ** 32];
}

function limited(status: number, message: string, headers: Readonly<Record<string, string>>): Reply {
  return json(status, { message, documentation_url: "https://docs.github.com/rest" }, headers);
}

function primaryLimit(): Reply {
  const resetSeconds = Math.floor(Date.now() / 1_000) + 1;
  return limited(403, "API rate limit exceeded for installation ID 7001.", {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(resetSeconds),
  });
}

function proxyPage(status: number): Reply {
  return { status, contentType: "text/html", body: "<html><body>Bad gateway</body></html>" };
}
