import type { CheckRun } from "../../core/report/check-run.ts";
import { renderCancelled } from "../../core/report/render-checks.ts";
import type { Checks } from "../../ports/checks.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { GateRun } from "../../ports/records.ts";
import type { JobDeps } from "./deps.ts";

type RunDeps = Pick<JobDeps, "gateRuns" | "now" | "newId">;

/** Takes up the run that a crash or a retry left open for this head, or begins one. */
export async function takeUpRun(
  repo: string,
  pullRequest: PullRequest,
  baseSha: string,
  deps: RunDeps,
): Promise<GateRun> {
  const open = (await openRuns(repo, pullRequest.number, deps)).find((run) => isOf(run, pullRequest));
  const at = deps.now();
  const run: GateRun = {
    id: open?.id ?? deps.newId(),
    repo,
    pullRequest: pullRequest.number,
    headSha: pullRequest.head.sha,
    baseSha,
    state: "running",
    checkRunIds: open?.checkRunIds ?? {},
    result: null,
    createdAt: open?.createdAt ?? at,
    updatedAt: at,
  };
  await deps.gateRuns.saveRun(run);
  return run;
}

/** Tells whether a finished run has answered for this head against this base already. */
export async function isAnswered(
  repo: string,
  pullRequest: PullRequest,
  baseSha: string,
  deps: RunDeps,
): Promise<boolean> {
  const runs = await deps.gateRuns.searchByHead(repo, pullRequest.head.sha);
  const last = runs.find((run) => run.pullRequest === pullRequest.number && run.state !== "cancelled");
  return last?.state === "completed" && last.baseSha === baseSha;
}

/**
 * Tells whether an earlier run has shown this head to the people of the pull request.
 *
 * A comment names no commit: only a head that stood there when somebody wrote it can be what they meant.
 */
export async function isSeen(repo: string, pullRequest: PullRequest, deps: RunDeps): Promise<boolean> {
  const runs = await deps.gateRuns.searchByHead(repo, pullRequest.head.sha);
  return runs.some((run) => run.pullRequest === pullRequest.number);
}

/** Posts check runs, or brings those of this run to a new state, and remembers their ids. */
export async function publishChecks(
  run: GateRun,
  rendered: readonly CheckRun[],
  checks: Checks,
  deps: RunDeps,
): Promise<GateRun> {
  const ids: Record<string, number> = { ...run.checkRunIds };
  for (const check of rendered) {
    const id = ids[check.name];
    if (id === undefined) ids[check.name] = await checks.openCheck(check);
    else await checks.updateCheck(id, check);
  }
  const published = { ...run, checkRunIds: ids, updatedAt: deps.now() };
  await deps.gateRuns.saveRun(published);
  return published;
}

/** Closes a run with its result. */
export async function completeRun(run: GateRun, result: unknown, deps: RunDeps): Promise<void> {
  await deps.gateRuns.saveRun({ ...run, state: "completed", result, updatedAt: deps.now() });
}

/** Closes the runs that a newer head or a closed pull request has overtaken: cancelled, never left as a pass. */
export async function cancelOvertaken(
  repo: string,
  pullRequest: PullRequest,
  checks: Checks,
  deps: RunDeps,
): Promise<void> {
  for (const run of await openRuns(repo, pullRequest.number, deps)) {
    if (isOf(run, pullRequest) && pullRequest.state === "open") continue;
    await cancelRun(run, pullRequest.head.sha, checks, deps);
  }
}

/** Closes one run as cancelled. */
export async function cancelRun(run: GateRun, newHead: string, checks: Checks, deps: RunDeps): Promise<void> {
  const rendered = renderCancelled({ headSha: run.headSha, externalId: run.id, newHead });
  const published = await publishChecks(run, rendered, checks, deps);
  await deps.gateRuns.saveRun({ ...published, state: "cancelled", updatedAt: deps.now() });
}

/** Lists the runs of a pull request that are not over. */
export async function openRuns(
  repo: string,
  pullRequest: number,
  deps: RunDeps,
): Promise<readonly GateRun[]> {
  const running = await deps.gateRuns.searchRunning();
  return running.filter((run) => run.repo === repo && run.pullRequest === pullRequest);
}

function isOf(run: GateRun, pullRequest: PullRequest): boolean {
  return run.headSha === pullRequest.head.sha;
}
