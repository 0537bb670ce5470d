import { isHttpError } from "./http-error.ts";

/** What GitHub asks for where it limits us without saying for how long; it doubles while GitHub goes on. */
const WAIT_MS = 60_000;
/** Longest wait that is believed; GitHub's longest window is an hour. */
const WAIT_MS_MAX = 65 * 60_000;
/** The reset time is given in whole seconds. */
const RESET_MARGIN_MS = 1_000;
/** Doublings after which the longest wait is reached. */
const DOUBLINGS_MAX = 7;

type Headers = Readonly<Record<string, string | number | undefined>>;

/** An answer by which GitHub refused a request. */
interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers: Headers;
}

/** GitHub limits our rate: it did not do what it was asked for, or was not asked. */
export class RateLimited extends Error {
  readonly waitMs: number;
  /** The answer that said so; undefined where an earlier one did and GitHub was not asked again. */
  readonly refusal: Refusal | undefined;

  constructor(waitMs: number, refusal: Refusal | undefined) {
    super("GitHub limits our rate");
    this.name = "RateLimited";
    this.waitMs = waitMs;
    this.refusal = refusal;
  }
}

interface Limit {
  readonly untilMs: number;
  /** How often in a row GitHub limited without saying for how long. */
  readonly unnamed: number;
}

/**
 * Remembers until when GitHub limits whom, so that nobody goes on asking: GitHub punishes that.
 *
 * Kept in memory, for what is forgotten costs one request.
 */
export class RateLimits {
  readonly #limits = new Map<string, Limit>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** Runs a request on behalf of somebody, unless GitHub limits them: then it fails at once with what is left to wait. */
  async run<T>(onBehalfOf: string, request: () => T | Promise<T>): Promise<T> {
    const leftMs = (this.#limits.get(onBehalfOf)?.untilMs ?? 0) - this.#nowMs();
    if (leftMs > 0) throw new RateLimited(leftMs, undefined);
    try {
      const answer = await request();
      // Others may have been limited while this one was under way.
      if ((this.#limits.get(onBehalfOf)?.untilMs ?? 0) <= this.#nowMs()) this.#limits.delete(onBehalfOf);
      return answer;
    } catch (failure) {
      const refusal = refusalOf(failure);
      const waitMs = refusal === undefined ? undefined : this.#note(onBehalfOf, refusal);
      throw waitMs === undefined ? failure : new RateLimited(waitMs, refusal);
    }
  }

  #note(onBehalfOf: string, refusal: Refusal): number | undefined {
    const named = namedWaitMs(refusal);
    if (named === undefined && !isLimit(refusal)) return undefined;
    const before = this.#limits.get(onBehalfOf);
    const nowMs = this.#nowMs();
    // Of several requests that are refused together only the first doubles the wait.
    const isNew = (before?.untilMs ?? 0) <= nowMs;
    const unnamed = named !== undefined ? 0 : (before?.unnamed ?? 0) + (isNew ? 1 : 0);
    const waitMs = bounded(named ?? WAIT_MS * 2 ** Math.min(unnamed - 1, DOUBLINGS_MAX));
    this.#limits.set(onBehalfOf, { untilMs: Math.max(before?.untilMs ?? 0, nowMs + waitMs), unnamed });
    return waitMs;
  }
}

function refusalOf(failure: unknown): Refusal | undefined {
  if (!isHttpError(failure) || failure.response === undefined) return undefined;
  const { status, message, response } = failure;
  return { status, message, headers: response.headers };
}

function namedWaitMs({ status, headers }: Refusal): number | undefined {
  if (status !== 403 && status !== 429) return undefined;
  const retryAfter = numberOf(headers["retry-after"]);
  if (retryAfter !== undefined) return retryAfter * 1_000;
  const reset = numberOf(headers["x-ratelimit-reset"]);
  if (String(headers["x-ratelimit-remaining"]) !== "0" || reset === undefined) return undefined;
  // By GitHub's own clock, since ours may be wrong.
  const now = Date.parse(String(headers.date ?? "")) || Date.now();
  return reset * 1_000 - now + RESET_MARGIN_MS;
}

function isLimit({ status, message }: Refusal): boolean {
  return status === 429 || (status === 403 && /rate limit|abuse detection/i.test(message));
}

function bounded(waitMs: number): number {
  return Math.min(Math.max(waitMs, RESET_MARGIN_MS), WAIT_MS_MAX);
}

function numberOf(header: string | number | undefined): number | undefined {
  const value = Number(header);
  return header === undefined || header === "" || !Number.isFinite(value) ? undefined : value;
}
