import type { DeliveryStore } from "../../ports/delivery-store.ts";
import type { JobQueue } from "../../ports/job-queue.ts";
import type { Job, Reconcile } from "./job.ts";

/** GitHub delivers again for a week at most; until then a delivery must be known as processed. */
const DELIVERIES_KEPT_MS = 30 * 24 * 60 * 60 * 1_000;
const NEXT_MS = 60 * 60 * 1_000;

/** What keeping the store in order needs. */
export interface ReconcileDeps {
  readonly deliveries: Pick<DeliveryStore, "pruneProcessed">;
  readonly queue: Pick<JobQueue<Job>, "enqueue">;
  readonly now: () => Date;
}

/** Keeps the store in order: removes what is long done, and asks for itself again in an hour. */
export async function runReconcile(job: Reconcile, deps: ReconcileDeps): Promise<void> {
  const now = deps.now().getTime();
  await deps.deliveries.pruneProcessed(new Date(now - DELIVERIES_KEPT_MS));
  await deps.queue.enqueue(job, new Date(now + NEXT_MS));
}

/** Asks for the next time, so that one bad hour does not end the keeping of order. */
export async function clearUpReconcile(job: Reconcile, deps: ReconcileDeps): Promise<void> {
  await deps.queue.enqueue(job, new Date(deps.now().getTime() + NEXT_MS));
}
