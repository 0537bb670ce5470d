import type { DeliveryAttempt, DeliveryLog } from "../../ports/delivery-log.ts";
import type { JobQueue } from "../../ports/job-queue.ts";
import type { MissedDeliveries, SweepMark, SweepMarks } from "../../ports/sweep-records.ts";
import type { Logger } from "../log.ts";
import type { Job, SweepDeliveries } from "./job.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const SWEEP_EVERY_MS = 10 * MINUTE_MS;
/** The wait before the next job where one had too much to do, or something was still on its way. */
const GO_ON_AFTER_MS = MINUTE_MS;
/** GitHub delivers nothing again that is older than this. */
const REDELIVERED_FOR_MS = 3 * DAY_MS;
/** The log is not in strict order, and shows an attempt some time after it was made. */
const OVERLAP_MS = 5 * MINUTE_MS;
/** GitHub waits no longer than this for an answer: an attempt that is younger may be on its way to the store. */
const UNDER_WAY_MS = 30_000;
/** 5,000 attempts; a longer walk goes on in the next job. */
const PAGES_MAX = 50;
/** Each request is a write of five points, of which GitHub allows 900 in a minute. */
const REQUESTS_MAX = 100;
/** With the wait that doubles, the last request comes about 17 hours after the first. */
const TIMES_MAX = 10;
const ASK_AGAIN_AFTER_MS = 5 * MINUTE_MS;
const ASK_AGAIN_AFTER_MS_MAX = 4 * 60 * MINUTE_MS;
const MARK = "deliveries";

/** What finding missed deliveries needs. */
export interface SweepDeliveriesDeps {
  readonly deliveryLog: DeliveryLog;
  readonly missedDeliveries: MissedDeliveries;
  readonly sweepMarks: SweepMarks;
  /** Tells whether anybody listens to an event: what nobody listens to is not missed. */
  readonly isHeard: (event: string, action: string | undefined) => boolean;
  readonly queue: Pick<JobQueue<Job>, "enqueue">;
  readonly now: () => Date;
  readonly log: Pick<Logger, "info" | "warn">;
}

/**
 * Finds the deliveries that GitHub's log shows and that were not processed here, asks GitHub for them, and asks
 * for itself again.
 *
 * What counts is what we have, not what GitHub believes: a delivery that was answered and then lost is missed
 * like one that never came.
 */
export async function runSweepDeliveries(job: SweepDeliveries, deps: SweepDeliveriesDeps): Promise<void> {
  const { isThrough, isAllArrived } = await walkLog(deps);
  const isAllRequested = await requestMissed(deps);
  const waitMs = isThrough && isAllArrived && isAllRequested ? SWEEP_EVERY_MS : GO_ON_AFTER_MS;
  await deps.queue.enqueue(job, new Date(deps.now().getTime() + waitMs));
}

/** Begins anew the next time, since what was in the way may be the place where the walk was to go on. */
export async function clearUpSweepDeliveries(job: SweepDeliveries, deps: SweepDeliveriesDeps): Promise<void> {
  const mark = await deps.sweepMarks.fetchMark(MARK);
  if (mark?.rest !== undefined) await deps.sweepMarks.saveMark({ ...mark, rest: undefined });
  await deps.queue.enqueue(job, new Date(deps.now().getTime() + SWEEP_EVERY_MS));
}

/** What a walk through the log came to. */
interface Walk {
  /** It got back to the mark. */
  readonly isThrough: boolean;
  /** Nothing is on its way to the store. */
  readonly isAllArrived: boolean;
}

/** Walks from the newest attempt back to the mark, and notes what is missed. */
async function walkLog(deps: SweepDeliveriesDeps): Promise<Walk> {
  const now = deps.now();
  const mark = await deps.sweepMarks.fetchMark(MARK);
  const backTo = Math.max(now.getTime() - REDELIVERED_FOR_MS, (mark?.sweptTo?.getTime() ?? 0) - OVERLAP_MS);
  const seen = new Set<string>();
  let from = mark?.rest?.from;
  let sweptTo = mark?.rest?.sweptTo;
  let isAllArrived = true;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await deps.deliveryLog.fetchPage(from);
    if (page === undefined) return { isThrough: true, isAllArrived };
    sweptTo ??= page.attempts[0]?.at;
    const inTime = page.attempts.filter(({ at }) => at.getTime() >= backTo);
    const underWay = await noteMissed(inTime, seen, now, deps);
    isAllArrived &&= underWay === 0;
    if (page.next === undefined || inTime.length < page.attempts.length) {
      await saveMark({ sweptTo: sweptTo ?? mark?.sweptTo, rest: undefined }, now, deps);
      return { isThrough: true, isAllArrived };
    }
    from = page.next;
  }
  const rest = from === undefined || sweptTo === undefined ? undefined : { from, sweptTo };
  await saveMark({ sweptTo: mark?.sweptTo, rest }, now, deps);
  return { isThrough: false, isAllArrived };
}

/** Notes the deliveries of a page that are missed; answers how many more may still be on their way. */
async function noteMissed(
  newestFirst: readonly DeliveryAttempt[],
  seen: Set<string>,
  now: Date,
  { missedDeliveries, isHeard }: SweepDeliveriesDeps,
): Promise<number> {
  const heard: DeliveryAttempt[] = [];
  for (const attempt of newestFirst) {
    // The newest attempt speaks for its delivery.
    if (seen.has(attempt.deliveryId)) continue;
    seen.add(attempt.deliveryId);
    if (isHeard(attempt.event, attempt.action)) heard.push(attempt);
  }
  const arrived = await missedDeliveries.searchArrived(heard.map(({ deliveryId }) => deliveryId));
  const away = heard.filter(({ deliveryId }) => !arrived.has(deliveryId));
  const missed = away.filter(({ at }) => at.getTime() < now.getTime() - UNDER_WAY_MS);
  await missedDeliveries.saveMissed(
    missed.map(({ deliveryId, id }) => ({ deliveryId, attemptId: id })),
    now,
  );
  return away.length - missed.length;
}

/** Asks GitHub for what is due; tells whether that was all. */
async function requestMissed(deps: SweepDeliveriesDeps): Promise<boolean> {
  const due = await deps.missedDeliveries.searchDue(deps.now(), { times: TIMES_MAX, rows: REQUESTS_MAX });
  for (const { deliveryId, attemptId, times } of due) {
    const answer = await deps.deliveryLog.requestAgain(attemptId);
    await deps.missedDeliveries.saveRequested(
      deliveryId,
      new Date(deps.now().getTime() + waitMsAfter(times)),
    );
    const said = { delivery: deliveryId, times: times + 1 };
    if (answer === "refused") deps.log.warn(said, "GitHub does not deliver a missed delivery again");
    else deps.log.info(said, "asked for a missed delivery again");
  }
  return due.length < REQUESTS_MAX;
}

function waitMsAfter(times: number): number {
  return Math.min(ASK_AGAIN_AFTER_MS * 2 ** times, ASK_AGAIN_AFTER_MS_MAX);
}

async function saveMark(
  how: Pick<SweepMark, "sweptTo" | "rest">,
  now: Date,
  { sweepMarks }: SweepDeliveriesDeps,
): Promise<void> {
  await sweepMarks.saveMark({ name: MARK, ...how, wholeAt: undefined, updatedAt: now });
}
