import type { Config } from "../../core/config/config.ts";
import { dayOf } from "../../core/fixture/day.ts";
import type { Guarded } from "../../core/guard/consent.ts";
import type { Review } from "../../core/guard/review.ts";
import type { Weakened } from "../../core/guard/weakening.ts";
import type { GitHub } from "../../ports/github.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { GateRun } from "../../ports/records.ts";
import type { JobDeps } from "./deps.ts";
import { hearConsents } from "./hear-consent.ts";
import { readWeakenings } from "./read-guard.ts";
import type { PullRequestCommits } from "./read-pull-request.ts";

/** A pull request that is guarded, and the outside. */
export interface GuardScene {
  readonly repo: string;
  readonly pullRequest: PullRequest;
  readonly github: GitHub;
  readonly deps: JobDeps;
}

/** Finds what a pull request weakens, and who approved that for the commit that the run judges. */
export async function guardPullRequest(
  run: GateRun,
  commits: PullRequestCommits,
  scene: GuardScene,
): Promise<readonly Guarded[]> {
  const { github, deps, pullRequest } = scene;
  const weakened = await readWeakenings(github.repository, commits, dayOf(deps.now()));
  if (weakened.length === 0) return [];
  const reviews = await github.pullRequests.fetchReviews(pullRequest.number);
  const trusted = commits.judging.kind === "parsed" ? commits.judging.value : undefined;
  return await hearReviews(weakened, { run, reviews, trusted }, scene);
}

/** Tells of each weakening whether these reviews agree to it; `trusted` is the configuration of the default branch. */
export async function hearReviews(
  weakened: readonly Weakened[],
  heard: { readonly run: GateRun; readonly reviews: readonly Review[]; readonly trusted: Config | undefined },
  { repo, pullRequest, github, deps }: GuardScene,
): Promise<readonly Guarded[]> {
  const runs = await deps.gateRuns.searchByHead(repo, pullRequest.head.sha);
  const since = comparedSince(heard.run, runs);
  return await hearConsents(weakened, { ...heard, pullRequest, since, github });
}

/**
 * Since when this commit is compared with this base, where it was compared with another one too.
 *
 * Who approved what a pull request does to one branch has not seen what it does to another.
 */
function comparedSince({ pullRequest, baseSha }: GateRun, runs: readonly GateRun[]): Date | undefined {
  // A run that could not be made compared nothing.
  const compared = runs.filter((run) => run.pullRequest === pullRequest && run.judgedBy !== "");
  if (compared.every((run) => run.baseSha === baseSha)) return undefined;
  const times = compared.filter((run) => run.baseSha === baseSha).map((run) => run.createdAt.getTime());
  return new Date(Math.min(...times));
}
