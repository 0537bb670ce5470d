import { isRed, overrideChecks } from "../../core/report/override-checks.ts";
import type { OverrideDecision } from "../../ports/decisions.ts";
import type { GateRun } from "../../ports/records.ts";
import type { JobDeps } from "./deps.ts";

type OverrideDeps = Pick<JobDeps, "decisions" | "gateRuns" | "now">;

/** Brings what the runs on one commit came to under the overrides that stand for their pull requests. */
export async function underOverrides(
  runs: readonly GateRun[],
  deps: OverrideDeps,
): Promise<readonly GateRun[]> {
  const [first] = runs;
  const isAnyRed = runs.some(({ checks }) => checks?.some(isRed) === true);
  if (first === undefined || !isAnyRed) return runs;
  const standing = await searchStanding(first.repo, first.headSha, deps);
  if (standing.length === 0) return runs;
  return runs.map((run) => ({
    ...run,
    checks:
      run.checks &&
      overrideChecks(
        run.checks,
        standing.filter(({ pullRequest }) => pullRequest === run.pullRequest),
      ),
  }));
}

/** Lists the overrides of a commit that have not ended, by time or by a push. */
export async function searchStanding(
  repo: string,
  headSha: string,
  { decisions, gateRuns, now }: OverrideDeps,
): Promise<readonly OverrideDecision[]> {
  const at = now().getTime();
  const given = (await decisions.searchOverrides(repo, headSha)).filter(
    (one): one is OverrideDecision => one.kind === "override" && one.expiresAt.getTime() > at,
  );
  const standing: OverrideDecision[] = [];
  for (const override of given) {
    const runs = await gateRuns.searchByPullRequest(repo, override.pullRequest);
    if (!isVoid(override, runs)) standing.push(override);
  }
  return standing;
}

/** A push ends an override, and pushing the commit back does not bring it to life again. */
function isVoid({ headSha, at }: OverrideDecision, runs: readonly GateRun[]): boolean {
  return runs.some((run) => run.headSha !== headSha && run.createdAt.getTime() > at.getTime());
}
