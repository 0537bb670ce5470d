import { NOT_BEGUN, renderProgress } from "../../core/report/render-checks.ts";
import { withGuard } from "../../core/report/render-guard.ts";
import type { GitHub } from "../../ports/github.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { JobDeps } from "./deps.ts";
import type { GateOrder } from "./gate-order.ts";
import { isSeen, publishChecks, takeUpRun } from "./gate-run.ts";

/** A pull request that a job is to gate. */
interface Announced {
  readonly job: { readonly installationId: number };
  readonly jobId: string;
  readonly repo: string;
  readonly pullRequest: PullRequest;
  readonly github: Pick<GitHub, "checks">;
  readonly deps: JobDeps;
}

/**
 * Shows at once that a head is looked at, and tells whether it did: reading a repository can take longer than people
 * wait. Only a head that nobody has seen, in a repository that was configured when we last looked; where it turns out
 * that there is nothing to judge, the job closes what was begun here.
 */
export async function announceRun(
  order: Extract<GateOrder, { kind: "run" }>,
  { job, jobId, repo, pullRequest, github, deps }: Announced,
): Promise<boolean> {
  if (order.when !== "unanswered" || pullRequest.state !== "open") return false;
  // Drafts are judged where the configuration says so, and GitHub may not know the head of a fork here yet.
  if (pullRequest.draft || pullRequest.fromFork) return false;
  if (await isSeen(repo, pullRequest, deps)) return false;
  if ((await deps.lastConfigs.fetchLastConfig(repo)) === undefined) return false;
  // By what it is judged is not known yet; no digest is like this one.
  const unknown = { baseSha: pullRequest.base.sha, judgedBy: "", approved: false };
  const run = await takeUpRun(
    { installationId: job.installationId, repo, pullRequest, ...unknown, jobId },
    deps,
  );
  const nothing = { headSha: run.headSha, externalId: run.id, ...NOT_BEGUN };
  await publishChecks(run, withGuard(renderProgress(nothing)), github.checks, deps);
  return true;
}
