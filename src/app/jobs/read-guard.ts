import type { ChangedFile } from "../../core/change/change-type.ts";
import { changedFiles } from "../../core/change/changed-files.ts";
import type { ConfigAtCommit } from "../../core/config/choose-judging.ts";
import type { Config } from "../../core/config/config.ts";
import { findWeakenings } from "../../core/guard/find-weakenings.ts";
import { findHiddenWords, promptTest } from "../../core/guard/hidden-words.ts";
import type { Weakened } from "../../core/guard/weakening.ts";
import type { Repository } from "../../ports/repository.ts";
import type { ComparedCommits } from "./compared-commits.ts";
import { readFixturesAmong, readSnapshot } from "./read-commit.ts";

/**
 * Finds what a head takes from the protection of its agents.
 *
 * Only what the head touches is read, so that this costs nothing for fixtures that stay as they are. `today` is
 * the day in UTC.
 */
export async function readWeakenings(
  repository: Repository,
  commits: ComparedCommits,
  today: string,
): Promise<readonly Weakened[]> {
  const { baseTree, headTree, defaultTree, targetTree } = commits;
  const files = changedFiles(baseTree, headTree);
  const paths = new Set(files.map(({ path }) => path));
  const protectingTrees = [...new Set([defaultTree, targetTree])];
  const judging = usable(commits.judging);
  return findWeakenings({
    base: {
      // A head that goes out from before the first configuration is measured by the one that judges.
      config: usable(commits.baseConfig) ?? judging,
      tree: baseTree,
      fixtures: await readFixturesAmong(repository, baseTree, paths),
    },
    head: {
      config: usable(commits.headConfig),
      tree: headTree,
      fixtures: await readFixturesAmong(repository, headTree, paths),
    },
    files,
    protecting: await Promise.all(protectingTrees.map((tree) => readFixturesAmong(repository, tree, paths))),
    hiddenWords: await readHiddenWords(repository, commits, files),
    loopOwner: judging?.owner,
    today,
  });
}

/** The prompts of the base are read only where one of them may get front matter. */
async function readHiddenWords(
  repository: Repository,
  { judging, baseConfig, headConfig, baseTree, headTree }: ComparedCommits,
  files: readonly ChangedFile[],
): Promise<readonly string[]> {
  const before = usable(baseConfig) ?? usable(judging);
  const configs = [before, usable(headConfig)].filter((config) => config !== undefined);
  const isPrompt = promptTest(configs);
  const prompts = files.map(({ path }) => path).filter(isPrompt);
  if (prompts.length === 0) return [];
  const head = await readSnapshot(repository, headTree, [], prompts);
  const base = await readSnapshot(repository, baseTree, before === undefined ? [] : [before]);
  return findHiddenWords({ configs, base, head, files });
}

function usable(at: ConfigAtCommit): Config | undefined {
  return at.kind === "parsed" ? at.value : undefined;
}
