import type { CreationPruning } from "../../ports/creations.ts";
import type { DeliveryStore } from "../../ports/delivery-store.ts";
import type { JobQueue } from "../../ports/job-queue.ts";
import type { BlobPruning, GateRun, GateRuns } from "../../ports/records.ts";
import type { MissedDeliveries, RepositoryNames, SweepMarks } from "../../ports/sweep-records.ts";
import { type GatePullRequest, JOB_POLICIES, type Job, type Reconcile } from "./job.ts";

const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;
/** GitHub delivers again for a week at most; until then a delivery must be known as processed. */
const DELIVERIES_KEPT_MS = 30 * DAY_MS;
/** An answer that is forgotten is given anew at the next event. */
const RUNS_KEPT_MS = 180 * DAY_MS;
/** A blob that is forgotten is fetched again. */
const BLOBS_KEPT_MS = 30 * DAY_MS;
/** What GitHub created and we have forgotten is found in its lists. */
const CREATIONS_KEPT_MS = 180 * DAY_MS;
/** GitHub delivers nothing again that is older than three days, and a mark that nobody moved is of a repository that is gone. */
const SWEEPS_KEPT_MS = 30 * DAY_MS;
/** What is kept of a repository that nobody sees any more. */
const GONE_KEPT_MS = 180 * DAY_MS;
/** After this time without a sign of life no attempt can still be at work on a run. */
const RUN_IS_LOST_MS = JOB_POLICIES["gate-pull-request"].timeLimitSeconds * 1_000;

/** What keeping the store in order needs. */
export interface ReconcileDeps {
  readonly deliveries: Pick<DeliveryStore, "pruneSettled">;
  readonly gateRuns: Pick<GateRuns, "searchRunning" | "pruneOver">;
  readonly blobs: BlobPruning;
  readonly creations: CreationPruning;
  readonly sweepMarks: Pick<SweepMarks, "pruneMarks">;
  readonly missedDeliveries: Pick<MissedDeliveries, "pruneMissed">;
  readonly repositoryNames: Pick<RepositoryNames, "pruneUnnamed">;
  readonly queue: Pick<JobQueue<Job>, "enqueue">;
  readonly now: () => Date;
}

/** Keeps the store in order: has lost runs brought to their end, removes what is long done, and asks for itself again in an hour. */
export async function runReconcile(job: Reconcile, deps: ReconcileDeps): Promise<void> {
  const now = deps.now().getTime();
  for (const run of await deps.gateRuns.searchRunning()) {
    const again = run.updatedAt.getTime() < now - RUN_IS_LOST_MS ? gateJobOf(run) : undefined;
    if (again !== undefined) await deps.queue.enqueue(again);
  }
  await deps.deliveries.pruneSettled(new Date(now - DELIVERIES_KEPT_MS));
  await deps.gateRuns.pruneOver(new Date(now - RUNS_KEPT_MS));
  await deps.blobs.pruneUnused(new Date(now - BLOBS_KEPT_MS));
  await deps.creations.pruneCreations(new Date(now - CREATIONS_KEPT_MS));
  await deps.sweepMarks.pruneMarks(new Date(now - SWEEPS_KEPT_MS));
  await deps.missedDeliveries.pruneMissed(new Date(now - SWEEPS_KEPT_MS));
  await deps.repositoryNames.pruneUnnamed(new Date(now - GONE_KEPT_MS));
  await deps.queue.enqueue(job, new Date(now + HOUR_MS));
}

/** Asks for the next time, so that one bad hour does not end the keeping of order. */
export async function clearUpReconcile(
  job: Reconcile,
  deps: Pick<ReconcileDeps, "queue" | "now">,
): Promise<void> {
  await deps.queue.enqueue(job, new Date(deps.now().getTime() + HOUR_MS));
}

function gateJobOf({ installationId, repo, pullRequest }: GateRun): GatePullRequest | undefined {
  const [owner, name] = repo.split("/");
  if (installationId === undefined || owner === undefined || name === undefined) return undefined;
  const cause = { kind: "reconcile" } as const;
  return { kind: "gate-pull-request", installationId, owner, repo: name, pullRequest, cause };
}
