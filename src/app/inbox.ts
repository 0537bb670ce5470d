import { setImmediate as giveWay, setTimeout as sleep } from "node:timers/promises";
import { ExternalFailure } from "../ports/external-failure.ts";
import type { Claim, ClaimedDelivery, HandledDelivery, Inbox } from "../ports/inbox.ts";
import type { Metrics } from "../ports/metrics.ts";
import { reasonOf } from "./jobs/given-up.ts";
import type { Job } from "./jobs/job.ts";
import type { Logger } from "./log.ts";
import type { Hear } from "./webhooks.ts";

/** An attempt counts when the process ended in it. */
const ATTEMPTS_MAX = 6;
/** What deliveries are taken apart into is many times their size: that of a whole batch would outlive what is collected cheaply. */
const HANDLED_AT_ONCE = 4;
const BACK_OFF_MS = 250;
const BACK_OFF_MS_MAX = 10_000;

/** What working through the inbox needs. */
export interface InboxOptions {
  readonly inbox: Inbox<Job>;
  readonly hear: Hear;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
  /** How long to wait for the next look while nothing wakes us: what other processes store does not. */
  readonly pollMs: number;
  /** The least time between two batches: what comes in it shares the next one. */
  readonly pauseMs: number;
  /** A number from 0 to 1, to spread what would come at one time. */
  readonly chance: () => number;
}

/** An inbox that is being worked through. */
export interface RunningInbox {
  /** Says that a delivery was stored. */
  wake(): void;
  /** Takes nothing more and waits for what is being handled. */
  stop(): Promise<void>;
}

/** Begins to turn stored deliveries into jobs, in batches. */
export function startInbox(options: InboxOptions): RunningInbox {
  const { pollMs, pauseMs, chance, log } = options;
  const stopped = new AbortController();
  const bell = newBell();
  const rest = (ms: number) => sleep(ms, undefined, { signal: stopped.signal }).catch(() => undefined);

  async function work(): Promise<void> {
    let failures = 0;
    while (!stopped.signal.aborted) {
      const came = await handleBatch(options);
      failures = came === "trouble" ? failures + 1 : 0;
      if (came === "trouble") await rest(backOffMs(failures, chance()));
      else if (came === "nothing") await bell.rings(pollMs);
      else await rest(pauseMs);
    }
  }

  const working = work();
  working.catch((cause: unknown) => {
    log.fatal({ err: cause }, "the inbox is not worked through any more");
    // Unhandled, so that the process ends: taking in what nobody will handle helps no one.
    throw cause;
  });
  return {
    wake: bell.ring,
    async stop() {
      stopped.abort();
      bell.ring();
      await working;
    },
  };
}

/** Handles the deliveries that are next; what the database's trouble interrupts is handled again later. */
async function handleBatch({
  inbox,
  hear,
  log,
  metrics,
  now,
}: InboxOptions): Promise<"something" | "nothing" | "trouble"> {
  let claim: Claim | undefined;
  try {
    claim = await inbox.claim();
    if (claim.deliveries.length === 0) return "nothing";
    const handled = await handleAll(claim.deliveries, hear);
    const settled = await settle(inbox, claim, handled);
    const claimed = new Map(claim.deliveries.map((delivery) => [delivery.id, delivery]));
    for (const { id, kind } of settled) {
      const { event = "", receivedAt = now() } = claimed.get(id) ?? {};
      const ageMs = now().getTime() - receivedAt.getTime();
      metrics.note({ kind: "delivery_settled", event, outcome: kind, ageMs });
    }
    for (const { id, because } of settled.filter((one) => one.kind === "failed"))
      log.error({ delivery: id, because }, "a delivery cannot be processed");
    log.debug({ deliveries: handled.length }, "handled deliveries");
    return "something";
  } catch (cause) {
    if (!(cause instanceof ExternalFailure)) log.error({ err: cause }, "deliveries met a bug of ours");
    else log.warn({ err: cause }, "deliveries could not be handled and are taken up again");
    if (claim !== undefined) await giveBack(inbox, claim, log);
    return "trouble";
  }
}

async function handleAll(
  deliveries: readonly ClaimedDelivery[],
  hear: Hear,
): Promise<readonly HandledDelivery<Job>[]> {
  const handled: HandledDelivery<Job>[] = [];
  for (let at = 0; at < deliveries.length; at += HANDLED_AT_ONCE) {
    const some = deliveries.slice(at, at + HANDLED_AT_ONCE);
    handled.push(...(await Promise.all(some.map((delivery) => handle(delivery, hear)))));
    // Who sends the next delivery waits for the whole process otherwise.
    await giveWay();
  }
  return handled;
}

async function handle(delivery: ClaimedDelivery, hear: Hear): Promise<HandledDelivery<Job>> {
  const { id, attempt } = delivery;
  if (attempt > ATTEMPTS_MAX) {
    return {
      kind: "failed",
      id,
      because: `the process ended each of the ${ATTEMPTS_MAX} times it was handled`,
    };
  }
  try {
    return { kind: "processed", id, ...(await hear(delivery)) };
  } catch (cause) {
    if (cause instanceof ExternalFailure && cause.retryable) throw cause;
    return { kind: "failed", id, because: reasonOf(cause) };
  }
}

/** Settles a batch; where the store refuses it, each delivery alone, so that one that it cannot take fails alone. */
async function settle(
  inbox: Inbox<Job>,
  claim: Claim,
  handled: readonly HandledDelivery<Job>[],
): Promise<readonly HandledDelivery<Job>[]> {
  try {
    await inbox.settle(claim, handled);
    return handled;
  } catch (cause) {
    const [only, ...others] = handled;
    if (cause instanceof ExternalFailure || only === undefined) throw cause;
    if (others.length === 0) {
      // A failure that cannot be noted either is not this delivery's.
      if (only.kind === "failed") throw cause;
      return settle(inbox, claim, [{ kind: "failed", id: only.id, because: reasonOf(cause) }]);
    }
    const settled: HandledDelivery<Job>[] = [];
    for (const one of handled) settled.push(...(await settle(inbox, claim, [one])));
    return settled;
  }
}

async function giveBack(inbox: Inbox<Job>, claim: Claim, log: Logger): Promise<void> {
  try {
    await inbox.release(claim);
  } catch (cause) {
    log.debug({ err: cause }, "deliveries could not be given back: they are free when their time runs out");
  }
}

/** Waits twice as long after each failure, and not as long as others that failed at the same time. */
function backOffMs(failures: number, chance: number): number {
  const wholeMs = Math.min(BACK_OFF_MS * 2 ** (failures - 1), BACK_OFF_MS_MAX);
  return wholeMs * (0.5 + chance / 2);
}

/** A bell that one can wait for; ringing before somebody waits is heard as well. */
function newBell() {
  let isRung = false;
  let wakeUp: (() => void) | undefined;
  return {
    ring(): void {
      isRung = true;
      wakeUp?.();
    },
    /** Resolves when it rings, or after the time. */
    async rings(waitMs: number): Promise<void> {
      if (!isRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, waitMs);
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      isRung = false;
      wakeUp = undefined;
    },
  };
}
