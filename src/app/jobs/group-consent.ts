import { dayOf } from "../../core/fixture/day.ts";
import type { Guarded } from "../../core/guard/consent.ts";
import type { CheckRun } from "../../core/report/check-run.ts";
import { overrideChecks } from "../../core/report/override-checks.ts";
import { pullRequestsOfGroup } from "../../core/report/render-merge-group.ts";
import type { GitHub } from "../../ports/github.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { JobDeps } from "./deps.ts";
import { hearConsents } from "./hear-consent.ts";
import { readWeakenings } from "./read-guard.ts";
import type { PullRequestCommits } from "./read-pull-request.ts";
import { searchStanding } from "./standing-overrides.ts";

/**
 * Finds the pull request whose people speak for a merge group: the only one in it.
 *
 * Where a group holds several, an approval or an override of one of them says nothing of what the others bring, so
 * nobody is heard, and what is weakened or fails leaves the queue.
 */
export async function fetchSpokesman(
  headRef: string,
  { pullRequests }: Pick<GitHub, "pullRequests">,
): Promise<PullRequest | undefined> {
  const [number, ...others] = pullRequestsOfGroup(headRef);
  if (number === undefined || others.length > 0) return undefined;
  return await pullRequests.fetchPullRequest(number);
}

/** Finds what a merge group weakens, and whether that was approved on the pull request in it. */
export async function guardMergeGroup(
  commits: PullRequestCommits,
  spokesman: PullRequest | undefined,
  github: GitHub,
  { now }: Pick<JobDeps, "now">,
): Promise<readonly Guarded[]> {
  const weakened = await readWeakenings(github.repository, commits, dayOf(now()));
  if (weakened.length === 0) return [];
  if (spokesman === undefined) {
    const remarks = ["the group holds more than one pull request, or does not say which: queue it alone"];
    return weakened.map((one) => ({ weakened: one, consent: { kind: "missing", approvers: [], remarks } }));
  }
  const reviews = await github.pullRequests.fetchReviews(spokesman.number);
  const trusted = commits.judging.kind === "parsed" ? commits.judging.value : undefined;
  return await hearConsents(weakened, { pullRequest: spokesman, reviews, since: undefined, trusted, github });
}

/** Brings the checks of a merge group under the overrides that stand on the pull request in it: the same grounds, and no others. */
export async function underGroupOverrides(
  checks: readonly CheckRun[],
  repo: string,
  spokesman: PullRequest | undefined,
  deps: Pick<JobDeps, "decisions" | "gateRuns" | "now">,
): Promise<readonly CheckRun[]> {
  if (spokesman === undefined) return checks;
  return overrideChecks(checks, await searchStanding(repo, spokesman, deps));
}
