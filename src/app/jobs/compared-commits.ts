import { changedFiles } from "../../core/change/changed-files.ts";
import { promptPaths } from "../../core/change/classify-changes.ts";
import type { ConfigAtCommit } from "../../core/config/choose-judging.ts";
import type { Config } from "../../core/config/config.ts";
import type { GateInputs } from "../../core/suite/plan-gate.ts";
import type { Tree } from "../../core/suite/snapshot.ts";
import type { KeptContents } from "../../ports/kept-contents.ts";
import type { Repository } from "../../ports/repository.ts";
import { readConfig, readFixturesAt, readSnapshot } from "./read-commit.ts";
import type { SharedContents } from "./read-contents.ts";

/** The commits that judge a head and those that are judged. */
export interface ComparedCommits {
  /** How to judge, as the protecting branch says it. */
  readonly judging: ConfigAtCommit;
  readonly defaultTree: Tree;
  /** The tip of the branch that the head goes to. */
  readonly targetTree: Tree;
  /** The commit whose agent is the baseline. */
  readonly baseSha: string;
  readonly baseTree: Tree;
  readonly baseConfig: ConfigAtCommit;
  readonly headTree: Tree;
  readonly headConfig: ConfigAtCommit;
}

/** Reads the trees and configurations of baseline and head. */
export async function readComparedCommits(
  repository: Repository,
  known: Pick<ComparedCommits, "judging" | "defaultTree" | "targetTree" | "baseSha">,
  headSha: string,
): Promise<ComparedCommits> {
  const [baseTree, headTree] = await Promise.all([
    repository.fetchTree(known.baseSha),
    repository.fetchTree(headSha),
  ]);
  return {
    ...known,
    baseTree,
    baseConfig: await readConfig(repository, baseTree),
    headTree,
    headConfig: await readConfig(repository, headTree),
  };
}

/** Reads everything that decides what the head runs; a commit without a usable configuration has the one that judges. */
export async function readGateInputs(
  repository: Repository,
  commits: ComparedCommits,
  judging: Config,
  kept?: KeptContents,
): Promise<Omit<GateInputs, "today" | "everythingBecause">> {
  const baseConfig = configOr(commits.baseConfig, judging);
  const headConfig = configOr(commits.headConfig, judging);
  const read = [judging, baseConfig, headConfig];
  const changed = changedFiles(commits.baseTree, commits.headTree);
  const prompts = [...new Set(read.flatMap((config) => promptPaths(config, changed)))];
  const shared: SharedContents = new Map();
  const protectingTrees = [...new Set([commits.defaultTree, commits.targetTree])];
  return {
    judging,
    trusted: commits.judging.kind === "parsed" ? commits.judging.value : undefined,
    base: { config: baseConfig, snapshot: await readSnapshot(repository, commits.baseTree, read, prompts) },
    head: { config: headConfig, snapshot: await readSnapshot(repository, commits.headTree, read, prompts) },
    protectingTrees,
    protecting: await Promise.all(
      protectingTrees.map((tree) => readFixturesAt(repository, tree, kept, shared)),
    ),
    proposed: await readFixturesAt(repository, commits.headTree, kept, shared),
  };
}

function configOr(at: ConfigAtCommit, otherwise: Config): Config {
  return at.kind === "parsed" ? at.value : otherwise;
}
