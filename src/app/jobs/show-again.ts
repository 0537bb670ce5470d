import type { GitHub } from "../../ports/github.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { JobDeps } from "./deps.ts";
import { completeRun } from "./gate-run.ts";
import { publishDecisions } from "./shared-head.ts";

/**
 * Shows what the newest run on a commit came to in check runs of their own, without running anything again.
 *
 * What was shown before stays as it was. A run that was begun after `since` is this one already, or knows
 * everything that this one would.
 */
export async function showAgain(
  pullRequest: PullRequest,
  { repo, headSha, since }: { readonly repo: string; readonly headSha: string; readonly since: Date },
  github: GitHub,
  deps: JobDeps,
): Promise<void> {
  if (pullRequest.head.sha !== headSha) return;
  const runs = await deps.gateRuns.searchByHead(repo, headSha);
  const newest = runs.find((run) => run.pullRequest === pullRequest.number);
  // Whoever is at work on it shows it.
  if (newest?.checks === undefined) return;
  const isLater = newest.createdAt.getTime() >= since.getTime();
  if (isLater && newest.state !== "running") return;
  const at = deps.now();
  const again = isLater
    ? newest
    : {
        ...newest,
        id: deps.newId(),
        state: "running" as const,
        checks: newest.checks,
        checkRunIds: {},
        createdAt: at,
        updatedAt: at,
      };
  await deps.gateRuns.saveRun(again);
  await completeRun(await publishDecisions(again, pullRequest, github, deps), deps);
}
