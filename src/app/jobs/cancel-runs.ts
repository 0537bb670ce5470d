import { renderCancelled } from "../../core/report/render-checks.ts";
import { withGuard } from "../../core/report/render-guard.ts";
import type { GitHub } from "../../ports/github.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { GateRun } from "../../ports/records.ts";
import type { JobDeps } from "./deps.ts";
import { isOf, openRuns, publishChecks } from "./gate-run.ts";
import { hasCompany, publishDecisions, republishShared } from "./shared-head.ts";

type CommitGitHub = Pick<GitHub, "checks" | "pullRequests">;

/** Closes the runs that a newer head or a closed pull request has overtaken: cancelled, never left as a pass. */
export async function cancelOvertaken(
  repo: string,
  pullRequest: PullRequest,
  github: CommitGitHub,
  deps: JobDeps,
): Promise<void> {
  for (const run of await openRuns(repo, pullRequest.number, deps)) {
    if (isOf(run, pullRequest) && pullRequest.state === "open") continue;
    await cancelRun(run, pullRequest, pullRequest.head.sha, github, deps);
  }
  await releaseLeftHead(repo, pullRequest, github, deps);
}

/** Closes the runs that are open although their pull request has nothing to run. */
export async function cancelOpen(
  repo: string,
  pullRequest: PullRequest,
  github: CommitGitHub,
  deps: JobDeps,
): Promise<void> {
  for (const run of await openRuns(repo, pullRequest.number, deps))
    await cancelRun(run, pullRequest, pullRequest.head.sha, github, deps);
}

/** Closes one run as cancelled; where other pull requests stand on its commit, its checks say what those came to. */
export async function cancelRun(
  run: GateRun,
  pullRequest: PullRequest,
  newHead: string,
  github: CommitGitHub,
  deps: JobDeps,
): Promise<void> {
  const cancelled: GateRun = { ...run, state: "cancelled", checks: undefined, outage: false };
  if (await hasCompany(run, pullRequest, github, deps)) {
    await deps.gateRuns.saveRun({ ...cancelled, updatedAt: deps.now() });
    await publishDecisions(cancelled, pullRequest, github, deps);
    return;
  }
  const rendered = withGuard(renderCancelled({ headSha: run.headSha, externalId: run.id, newHead }));
  const { checkRunIds } = await publishChecks(run, rendered, github.checks, deps);
  await deps.gateRuns.saveRun({ ...cancelled, checkRunIds, updatedAt: deps.now() });
  // Others that left the commit before may have waited for this one.
  await republishShared(run.repo, run.headSha, pullRequest, github, deps);
}

/** What a pull request came to on a head that it left holds nobody up who stays there. */
async function releaseLeftHead(
  repo: string,
  pullRequest: PullRequest,
  github: CommitGitHub,
  deps: JobDeps,
): Promise<void> {
  const runs = await deps.gateRuns.searchByPullRequest(repo, pullRequest.number);
  const left = runs.find((run) => pullRequest.state === "closed" || !isOf(run, pullRequest));
  if (left !== undefined) await republishShared(repo, left.headSha, pullRequest, github, deps);
}
