import type { ConfigAtCommit } from "../../core/config/choose-judging.ts";
import { CONFIG_PATH } from "../../core/config/config.ts";
import type { Problem } from "../../core/problem.ts";
import { fixturePaths } from "../../core/suite/fixture-paths.ts";
import type { Tree } from "../../core/suite/snapshot.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { Repository } from "../../ports/repository.ts";
import { type ComparedCommits, readComparedCommits } from "./compared-commits.ts";
import { readDefaultBranch } from "./default-branch.ts";
import type { JobDeps } from "./deps.ts";

/** The commits that judge a pull request and those that are judged. */
export interface PullRequestCommits extends ComparedCommits {
  readonly kind: "configured";
  /** How to judge, from the default branch: its file, or the last one that could be used; unusable where none is known. */
  readonly judging: Exclude<ConfigAtCommit, { kind: "absent" }>;
  /** What is wrong with the file at the tip of the default branch; empty where nothing is. */
  readonly brokenJudging: readonly Problem[];
  readonly gatesDrafts: boolean;
  readonly defaultBranch: string;
  readonly baseBranch: string;
}

/**
 * Reads the trees and configurations of a pull request.
 *
 * The baseline is the merge base with the default branch, or with the pull request's own base where the
 * default branch's configuration names that branch in `gate.bases`.
 */
export async function readPullRequest(
  repository: Repository,
  repo: string,
  pullRequest: PullRequest,
  deps: Pick<JobDeps, "lastConfigs">,
): Promise<PullRequestCommits | { readonly kind: "not_configured" }> {
  const { tip, tree: defaultTree, config, judging } = await readDefaultBranch(repository, repo, deps);
  if (judging.kind === "absent") return { kind: "not_configured" };

  const target = await repository.fetchTip(pullRequest.base.branch);
  const targetTree =
    target === undefined || target.sha === tip.sha ? defaultTree : await repository.fetchTree(target.sha);
  const isOwnBase = gatesBase(judging, pullRequest.base.branch);
  const baseSha = await repository.fetchMergeBase(
    isOwnBase ? targetTree.commit : tip.sha,
    pullRequest.head.sha,
  );
  const known = { judging, defaultTree, targetTree, baseSha };
  return {
    ...(await readComparedCommits(repository, known, pullRequest.head.sha)),
    kind: "configured",
    judging,
    brokenJudging: config.kind === "unusable" ? config.problems : [],
    gatesDrafts: gatesDrafts(judging),
    defaultBranch: tip.branch,
    baseBranch: isOwnBase ? pullRequest.base.branch : tip.branch,
  };
}

/**
 * Digests all that judges a pull request: the fixtures and configurations of the protecting branches' tips, and
 * the baseline. While it stays the same, so does the answer to the same head.
 */
export function digestJudges(commits: PullRequestCommits, digest: (text: string) => string): string {
  const { baseSha, baseBranch, defaultTree, targetTree } = commits;
  return digest(JSON.stringify([baseSha, baseBranch, judgesIn(defaultTree), judgesIn(targetTree)]));
}

/** Digests what a branch has to judge by: its fixtures and its configuration. */
export function digestBranch(tree: Tree, digest: (text: string) => string): string {
  return digest(JSON.stringify(judgesIn(tree)));
}

function judgesIn(tree: Tree): unknown {
  // What is missing from the list may have changed.
  if (tree.truncated) return tree.commit;
  return [CONFIG_PATH, ...fixturePaths(tree)].map((path) => {
    const entry = tree.entries.get(path);
    return [path, entry?.mode ?? null, entry?.sha ?? null];
  });
}

/** Tells whether a configuration asks for draft pull requests to be gated. */
export function gatesDrafts(judging: ConfigAtCommit): boolean {
  return judging.kind === "parsed" && judging.value.gate.drafts;
}

/** Tells whether a configuration asks for pull requests into a branch to be gated against its own tip. */
export function gatesBase(judging: ConfigAtCommit, branch: string): boolean {
  return judging.kind === "parsed" && judging.value.gate.bases.includes(branch);
}
