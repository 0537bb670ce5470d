import type { StoreFigures } from "../ports/figures.ts";

/** What has to answer before a process can take work. */
export interface ReadinessOptions {
  /** Writes a line to the store; rejects where it cannot be written. */
  readonly writeHeartbeat: (at: Date) => Promise<void>;
  /** Asks GitHub who we are; rejects where it has not accepted the App's key. */
  readonly fetchIdentity: () => Promise<unknown>;
  /** Says how the queue stands, or undefined where that is not known; missing where this process does no jobs. */
  readonly fetchFigures: (() => Promise<StoreFigures | undefined>) | undefined;
  readonly now: () => Date;
}

/** Probes come as often as somebody likes; the store is written this often at most. */
const ANSWER_KEPT_MS = 1_000;
const MINUTE_MS = 60_000;
/** Deliveries are handled within a second; after this something holds them up. */
const DELIVERY_LAG_MS_MAX = 5 * MINUTE_MS;
/** Every worker can be busy with a long suite for a while; after this there are too few of them, or they are stuck. */
const JOB_LAG_MS_MAX = 30 * MINUTE_MS;

/** Makes the function that says why the process cannot take work: ready once the store takes a line, GitHub has accepted the App's key and the queue keeps up. */
export function readiness(options: ReadinessOptions): () => Promise<readonly string[]> {
  let asked: { readonly atMs: number; readonly reasons: Promise<readonly string[]> } | undefined;
  return () => {
    const atMs = options.now().getTime();
    // A clock that was set back must not keep an old answer alive.
    if (asked === undefined || Math.abs(atMs - asked.atMs) >= ANSWER_KEPT_MS)
      asked = { atMs, reasons: reasonsNotReady(options) };
    return asked.reasons;
  };
}

async function reasonsNotReady(options: ReadinessOptions): Promise<readonly string[]> {
  const reasons: string[] = [];
  await options.writeHeartbeat(options.now()).catch(() => reasons.push("the store cannot be written"));
  await options.fetchIdentity().catch(() => reasons.push("GitHub has not accepted the App's key"));
  const figures = await options.fetchFigures?.();
  return figures === undefined ? reasons : [...reasons, ...lags(figures, options.now())];
}

function lags({ queues, oldestWaitingDeliveryAt }: StoreFigures, now: Date): readonly string[] {
  const minutesSince = (at: Date | undefined, lagMsMax: number): number | undefined => {
    const lagMs = at === undefined ? 0 : now.getTime() - at.getTime();
    return lagMs > lagMsMax ? Math.floor(lagMs / MINUTE_MS) : undefined;
  };
  const delivery = minutesSince(oldestWaitingDeliveryAt, DELIVERY_LAG_MS_MAX);
  return [
    ...(delivery === undefined ? [] : [`a delivery has been waiting for ${delivery} minutes`]),
    ...queues.flatMap(({ job, oldestDueAt }) => {
      const minutes = minutesSince(oldestDueAt, JOB_LAG_MS_MAX);
      return minutes === undefined ? [] : [`a job ${job} has been due for ${minutes} minutes`];
    }),
  ];
}
