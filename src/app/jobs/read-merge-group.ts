import type { Repository } from "../../ports/repository.ts";
import { readComparedCommits } from "./compared-commits.ts";
import { readDefaultBranch } from "./default-branch.ts";
import type { JobDeps } from "./deps.ts";
import { gatesBase, gatesDrafts, type PullRequestCommits } from "./read-pull-request.ts";

const BRANCH_REF = /^refs\/heads\//;

/** A group of the merge queue, as its event named it. */
export interface MergeGroup {
  readonly headSha: string;
  readonly baseSha: string;
  readonly baseRef: string;
}

/**
 * Reads the trees and configurations of a merge group.
 *
 * The baseline is the commit that the group stands on, which may be another group's head; where its branch is not
 * gated against itself, it is the merge base with the default branch, as for pull requests.
 */
export async function readMergeGroup(
  repository: Repository,
  repo: string,
  { headSha, baseSha, baseRef }: MergeGroup,
  deps: Pick<JobDeps, "lastConfigs">,
): Promise<PullRequestCommits | { readonly kind: "not_configured" }> {
  const { tip, tree: defaultTree, config, judging } = await readDefaultBranch(repository, repo, deps);
  if (judging.kind === "absent") return { kind: "not_configured" };
  const branch = baseRef.replace(BRANCH_REF, "");
  const isOwnBase = branch === tip.branch || gatesBase(judging, branch);
  const base = await repository.fetchMergeBase(isOwnBase ? baseSha : tip.sha, headSha);
  const targetTree = baseSha === tip.sha ? defaultTree : await repository.fetchTree(baseSha);
  const known = { judging, defaultTree, targetTree, baseSha: base };
  return {
    ...(await readComparedCommits(repository, known, headSha)),
    kind: "configured",
    judging,
    brokenJudging: config.kind === "unusable" ? config.problems : [],
    gatesDrafts: gatesDrafts(judging),
    defaultBranch: tip.branch,
    baseBranch: isOwnBase ? branch : tip.branch,
  };
}
