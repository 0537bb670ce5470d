import type { CreationPruning } from "../../ports/creations.ts";
import type { DeadLetters } from "../../ports/dead-letters.ts";
import type { DeliveryStore } from "../../ports/delivery-store.ts";
import type { FixtureOutcomes } from "../../ports/fixture-outcomes.ts";
import type { JobQueue } from "../../ports/job-queue.ts";
import type { BlobPruning, GateRun, GateRuns, Generations } from "../../ports/records.ts";
import type { ReportPages } from "../../ports/report-pages.ts";
import type { StandaloneRun, StandaloneRuns } from "../../ports/standalone-runs.ts";
import type { StoreCare } from "../../ports/store-care.ts";
import type { MissedDeliveries, RepositoryNames, SweepMarks } from "../../ports/sweep-records.ts";
import type { TrialPruning } from "../../ports/trial-store.ts";
import { KEPT_MS } from "../retention.ts";
import { type GatePullRequest, JOB_POLICIES, type Job, jobSchema, type Reconcile } from "./job.ts";

const HOUR_MS = 60 * 60 * 1_000;
/** After this time without a sign of life no attempt can still be at work on a run. */
const RUN_IS_LOST_MS = JOB_POLICIES["gate-pull-request"].timeLimitSeconds * 1_000;

/** What keeping the store in order needs. */
export interface ReconcileDeps {
  readonly deliveries: Pick<DeliveryStore, "pruneSettled" | "clearPayloads">;
  readonly gateRuns: Pick<GateRuns, "searchRunning" | "pruneOver">;
  readonly standaloneRuns: Pick<StandaloneRuns, "searchRunning" | "pruneOver">;
  readonly outcomes: Pick<FixtureOutcomes, "pruneOutcomes">;
  readonly blobs: BlobPruning;
  readonly trials: TrialPruning;
  readonly creations: CreationPruning;
  readonly sweepMarks: Pick<SweepMarks, "pruneMarks">;
  readonly missedDeliveries: Pick<MissedDeliveries, "pruneMissed">;
  readonly repositoryNames: Pick<RepositoryNames, "pruneUnnamed" | "fetchId">;
  readonly deadLetters: Pick<DeadLetters, "pruneBefore">;
  readonly generations: Pick<Generations, "pruneUntouched">;
  readonly reportPages: Pick<ReportPages, "prunePages">;
  readonly storeCare: StoreCare;
  readonly queue: Pick<JobQueue<Job>, "enqueue">;
  readonly now: () => Date;
}

/** Keeps the store in order: has lost runs brought to their end, removes what is long done, and asks for itself again in an hour. */
export async function runReconcile(job: Reconcile, deps: ReconcileDeps): Promise<void> {
  const now = deps.now().getTime();
  for (const run of await deps.gateRuns.searchRunning()) {
    const again = run.updatedAt.getTime() < now - RUN_IS_LOST_MS ? await gateJobOf(run, deps) : undefined;
    if (again !== undefined) await deps.queue.enqueue(again);
  }
  for (const run of await deps.standaloneRuns.searchRunning()) {
    const again =
      run.updatedAt.getTime() < now - RUN_IS_LOST_MS ? await standaloneJobOf(run, deps) : undefined;
    if (again !== undefined) await deps.queue.enqueue(again);
  }
  const since = (keptMs: number): Date => new Date(now - keptMs);
  await deps.deliveries.clearPayloads(since(KEPT_MS.payloads));
  await deps.deliveries.pruneSettled(since(KEPT_MS.deliveries));
  await deps.gateRuns.pruneOver(since(KEPT_MS.runs));
  await deps.standaloneRuns.pruneOver(since(KEPT_MS.runs));
  await deps.outcomes.pruneOutcomes(since(KEPT_MS.outcomes));
  await deps.blobs.pruneUnused(since(KEPT_MS.blobs));
  await deps.trials.pruneTrials(since(KEPT_MS.trials));
  await deps.creations.pruneCreations(since(KEPT_MS.creations));
  await deps.sweepMarks.pruneMarks(since(KEPT_MS.sweeps));
  await deps.missedDeliveries.pruneMissed(since(KEPT_MS.sweeps));
  await deps.repositoryNames.pruneUnnamed(since(KEPT_MS.goneRepositories));
  await deps.deadLetters.pruneBefore(since(KEPT_MS.deadLetters));
  await deps.generations.pruneUntouched(since(KEPT_MS.events));
  await deps.reportPages.prunePages(since(KEPT_MS.reportPages));
  await deps.storeCare.reclaimSpace();
  await deps.queue.enqueue(job, new Date(now + HOUR_MS));
}

/** Asks for the next time, so that one bad hour does not end the keeping of order. */
export async function clearUpReconcile(
  job: Reconcile,
  deps: Pick<ReconcileDeps, "queue" | "now">,
): Promise<void> {
  await deps.queue.enqueue(job, new Date(deps.now().getTime() + HOUR_MS));
}

/** The job that was to bring a run to its end, where its repository is called by now; the next push asks for its branch by itself. */
async function standaloneJobOf(
  { repo, job }: StandaloneRun,
  { repositoryNames }: Pick<ReconcileDeps, "repositoryNames">,
): Promise<Job | undefined> {
  const known = jobSchema.safeParse(job);
  const [owner, name] = repo.split("/");
  if (!known.success || owner === undefined || name === undefined) return undefined;
  const there = { owner, repo: name, repositoryId: await repositoryNames.fetchId(repo) };
  switch (known.data.kind) {
    case "gate-release":
      return { ...known.data, ...there, cause: { kind: "reconcile" } };
    case "gate-merge-group":
    case "run-default-branch":
      return { ...known.data, ...there };
    default:
      return undefined;
  }
}

async function gateJobOf(
  { installationId, repo, pullRequest }: GateRun,
  { repositoryNames }: Pick<ReconcileDeps, "repositoryNames">,
): Promise<GatePullRequest | undefined> {
  const [owner, name] = repo.split("/");
  if (installationId === undefined || owner === undefined || name === undefined) return undefined;
  const cause = { kind: "reconcile" } as const;
  const repositoryId = await repositoryNames.fetchId(repo);
  return { kind: "gate-pull-request", installationId, owner, repo: name, repositoryId, pullRequest, cause };
}
