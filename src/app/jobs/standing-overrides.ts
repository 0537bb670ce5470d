import { isRed, overrideChecks } from "../../core/report/override-checks.ts";
import type { OverrideDecision } from "../../ports/decisions.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { GateRun } from "../../ports/records.ts";
import type { JobDeps } from "./deps.ts";

type OverrideDeps = Pick<JobDeps, "decisions" | "gateRuns" | "now">;

/** Brings what the runs on one commit came to under the overrides that stand for their pull requests, as far as those are open. */
export async function underOverrides(
  runs: readonly GateRun[],
  open: readonly PullRequest[],
  deps: OverrideDeps,
): Promise<readonly GateRun[]> {
  const [first] = runs;
  const isAnyRed = runs.some(({ checks }) => checks?.some(isRed) === true);
  if (first === undefined || !isAnyRed) return runs;
  const standing = new Map<number, readonly OverrideDecision[]>();
  for (const pullRequest of open)
    standing.set(pullRequest.number, await searchStanding(first.repo, pullRequest, deps));
  return runs.map((run) => ({
    ...run,
    checks: run.checks && overrideChecks(run.checks, standing.get(run.pullRequest) ?? []),
  }));
}

/** Lists the overrides of a pull request as it stands that have not ended: by time, by a push, or by another branch that it goes to. */
export async function searchStanding(
  repo: string,
  { number, head, base }: PullRequest,
  { decisions, gateRuns, now }: OverrideDeps,
): Promise<readonly OverrideDecision[]> {
  const at = now().getTime();
  const given = (await decisions.searchOverrides(repo, head.sha))
    .filter((one) => one.kind === "override")
    .filter((one) => one.pullRequest === number && one.base === base.branch && one.expiresAt.getTime() > at);
  if (given.length === 0) return [];
  const runs = await gateRuns.searchByPullRequest(repo, number);
  return given.filter((override) => !isVoid(override, runs));
}

/** A push ends an override, and pushing the commit back does not bring it to life again. */
function isVoid({ headSha, at }: OverrideDecision, runs: readonly GateRun[]): boolean {
  return runs.some((run) => run.headSha !== headSha && run.createdAt.getTime() > at.getTime());
}
