import type { Problem } from "../../core/problem.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Repository } from "../../ports/repository.ts";
import { readComparedCommits } from "./compared-commits.ts";
import { type DefaultBranch, readDefaultBranch } from "./default-branch.ts";
import type { JobDeps } from "./deps.ts";
import type { EvaluatedCommits } from "./evaluate-commits.ts";

/** A release as its event named it. */
export interface ReleaseRefs {
  readonly environment: string;
  readonly deploymentId?: number | undefined;
  readonly sha: string;
}

/** The commits of a release. */
export type ReleaseCommits =
  | { readonly kind: "not_configured" }
  | { readonly kind: "unknown_commit" }
  | {
      readonly kind: "configured";
      readonly commits: EvaluatedCommits;
      /** The commit that is deployed; undefined where none is known, or it is gone. */
      readonly deployed: string | undefined;
      /** What is wrong with the configuration at the tip of the default branch. */
      readonly brokenJudging: readonly Problem[];
    };

/** Reads the trees and configurations of a release: judged by the default branch, compared with what is deployed. */
export async function readRelease(
  { repository, commits, releases }: Pick<GitHub, "repository" | "commits" | "releases">,
  repo: string,
  { environment, deploymentId, sha }: ReleaseRefs,
  deps: Pick<JobDeps, "lastConfigs">,
): Promise<ReleaseCommits> {
  const main = await readDefaultBranch(repository, repo, deps);
  if (main.judging.kind === "absent") return { kind: "not_configured" };
  if ((await commits.fetchCommit(sha)) !== sha) return { kind: "unknown_commit" };
  const last = await releases.fetchLastDeployed(environment, deploymentId);
  // A commit that was forced away since can be compared with no more.
  const deployed = last === undefined ? undefined : await commits.fetchCommit(last.sha);
  return {
    kind: "configured",
    commits: await commitsOf(repository, main, { sha, deployed, environment }),
    deployed,
    brokenJudging: main.config.kind === "unusable" ? main.config.problems : [],
  };
}

async function commitsOf(
  repository: Repository,
  { tip, tree, judging }: DefaultBranch,
  { sha, deployed, environment }: ReleaseRefs & { readonly deployed: string | undefined },
): Promise<EvaluatedCommits> {
  const known = { judging, defaultTree: tree, targetTree: tree, baseSha: deployed ?? sha };
  return {
    ...(await readComparedCommits(repository, known, sha)),
    defaultBranch: tip.branch,
    baseBranch: environment,
  };
}
