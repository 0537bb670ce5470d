import type { Config } from "../../core/config/config.ts";
import type { Tree } from "../../core/suite/snapshot.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { Repository } from "../../ports/repository.ts";
import { type ConfigAtCommit, readConfig, readDefaultBranch } from "./read-commit.ts";

/** The commits that judge a pull request and those that are judged. */
export interface PullRequestCommits {
  readonly kind: "configured";
  /** How to judge, from the tip of the default branch; unusable where that file is broken. */
  readonly judging: Exclude<ConfigAtCommit, { kind: "absent" }>;
  readonly gatesDrafts: boolean;
  readonly defaultBranch: string;
  readonly defaultTree: Tree;
  /** The tip of the branch that the pull request goes to. */
  readonly targetTree: Tree;
  /** The commit whose agent is the baseline. */
  readonly baseSha: string;
  readonly baseBranch: string;
  readonly baseTree: Tree;
  readonly baseConfig: ConfigAtCommit;
  readonly headTree: Tree;
  readonly headConfig: ConfigAtCommit;
}

/**
 * Reads the trees and configurations of a pull request.
 *
 * The baseline is the merge base with the default branch, or with the pull request's own base where the
 * default branch's configuration names that branch in `gate.bases`.
 */
export async function readPullRequest(
  repository: Repository,
  pullRequest: PullRequest,
): Promise<PullRequestCommits | { readonly kind: "not_configured" }> {
  const { tip, tree: defaultTree, config: judging } = await readDefaultBranch(repository);
  if (judging.kind === "absent") return { kind: "not_configured" };

  const target = await repository.fetchTip(pullRequest.base.branch);
  const targetTree =
    target === undefined || target.sha === tip.sha ? defaultTree : await repository.fetchTree(target.sha);
  const isOwnBase = gatesBase(judging, pullRequest.base.branch);
  const baseSha = await repository.fetchMergeBase(
    isOwnBase ? targetTree.commit : tip.sha,
    pullRequest.head.sha,
  );
  const baseTree = await repository.fetchTree(baseSha);
  const headTree = await repository.fetchTree(pullRequest.head.sha);
  return {
    kind: "configured",
    judging,
    gatesDrafts: judging.kind === "parsed" && judging.value.gate.drafts,
    defaultBranch: tip.branch,
    defaultTree,
    targetTree,
    baseSha,
    baseBranch: isOwnBase ? pullRequest.base.branch : tip.branch,
    baseTree,
    baseConfig: await readConfig(repository, baseTree),
    headTree,
    headConfig: await readConfig(repository, headTree),
  };
}

function gatesBase(judging: ConfigAtCommit, branch: string): boolean {
  return judging.kind === "parsed" && judging.value.gate.bases.includes(branch);
}

/** The configuration that stands in where a commit has none of its own that can be used. */
export function configOr(at: ConfigAtCommit, otherwise: Config): Config {
  return at.kind === "parsed" ? at.value : otherwise;
}
