import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { ExternalFailure } from "../../ports/external-failure.ts";

const CONCURRENCY_DEFAULT = 16;
const ATTEMPTS_MAX = 16;
const RETRY_DELAY_MS_MIN = 500;
const RETRY_DELAY_MS_MAX = 15_000;
/** A provider that asks for a longer wait than this is out of order for this run. */
const RETRY_AFTER_MS_MAX = 60_000;
/** A provider may be overloaded for a minute without a run noticing; after this time nobody waits for it any more. */
const PATIENCE_MS = 90_000;
/** What says that there are too many requests: all of them wait, not only the one that was refused. */
const OVERLOADED: readonly (number | undefined)[] = [429, 503, 529];

/** The passing of time, which tests choose. */
export interface Clock {
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  readonly sleep: (delayMs: number, signal: AbortSignal) => Promise<void>;
}

/** How hard a provider may be pressed. */
export interface Limits {
  /** Requests under way at a time, over everything that is asked. Default is 16. */
  readonly concurrency?: number | undefined;
  /** How often one request is made. Default is 16, more than the patience with a failing system allows without pauses that it asks for. */
  readonly attemptsMax?: number;
  readonly clock?: Clock;
}

const REAL_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: (delayMs, signal) => sleep(delayMs, undefined, { signal }),
};

/** Asks once; what fails outside is an ExternalFailure. */
type Ask<Asked, Answer> = (asked: Asked, signal: AbortSignal) => Promise<Answer>;

/**
 * Puts one limiter before a system outside, for all callers: what may pass is tried again, and when the system asks for
 * a pause, all keep it. The time that it has been failing counts for all requests together, so that an outage costs a
 * run its patience once and not once for each request.
 */
export function limited<Asked, Answer>(
  attempt: Ask<Asked, Answer>,
  { concurrency = CONCURRENCY_DEFAULT, attemptsMax = ATTEMPTS_MAX, clock = REAL_CLOCK }: Limits,
): Ask<Asked, Answer> {
  const limit = pLimit(concurrency);
  const pause = createPause(clock);
  const patience = createPatience(clock);

  const persist: Ask<Asked, Answer> = async (asked, signal) => {
    for (let tried = 1; ; tried += 1) {
      await pause.over(signal);
      try {
        const answer = await attempt(asked, signal);
        patience.renew();
        return answer;
      } catch (error) {
        if (!(error instanceof ExternalFailure) || !error.retryable) throw error;
        const isTooLong = (error.retryAfterMs ?? 0) > RETRY_AFTER_MS_MAX;
        if (patience.isSpent() || tried >= attemptsMax || isTooLong) throw error;
        const delayMs = error.retryAfterMs ?? retryDelayMs(tried);
        if (error.retryAfterMs !== undefined || OVERLOADED.includes(error.status)) pause.atLeast(delayMs);
        else await clock.sleep(delayMs, signal);
      }
    }
  };

  return (asked, signal) =>
    limit(async () => {
      signal.throwIfAborted();
      return await persist(asked, signal);
    });
}

/** How long failures have followed each other without an answer in between. */
function createPatience({ now }: Clock) {
  let failing: { readonly sinceMs: number; readonly lastMs: number } | undefined;
  return {
    renew: (): void => {
      failing = undefined;
    },
    /** Notes a failure; one that comes long after the last is the beginning of another trouble. */
    isSpent: (): boolean => {
      const nowMs = now();
      const goesOn = failing !== undefined && nowMs - failing.lastMs < PATIENCE_MS;
      const sinceMs = goesOn ? (failing?.sinceMs ?? nowMs) : nowMs;
      failing = { sinceMs, lastMs: nowMs };
      return nowMs - sinceMs >= PATIENCE_MS;
    },
  };
}

/** How long to wait before the next attempt: doubling, and never the same for two callers. */
function retryDelayMs(tried: number): number {
  const delayMs = Math.min(RETRY_DELAY_MS_MAX, RETRY_DELAY_MS_MIN * 2 ** (tried - 1));
  return delayMs * (0.75 + Math.random() / 4);
}

/** A pause that all requests keep when one of them was told to wait. */
function createPause(clock: Clock) {
  let untilMs = 0;
  return {
    atLeast: (delayMs: number): void => {
      untilMs = Math.max(untilMs, clock.now() + delayMs);
    },
    over: async (signal: AbortSignal): Promise<void> => {
      for (let leftMs = untilMs - clock.now(); leftMs > 0; leftMs = untilMs - clock.now()) {
        await clock.sleep(leftMs, signal);
      }
    },
  };
}
