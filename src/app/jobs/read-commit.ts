import { agentPaths } from "../../core/agent/agent-files.ts";
import { keyLevelPaths } from "../../core/change/classify-changes.ts";
import type { ConfigAtCommit } from "../../core/config/choose-judging.ts";
import { CONFIG_PATH, type Config } from "../../core/config/config.ts";
import { parseConfig } from "../../core/config/parse-config.ts";
import { type Problem, unusable } from "../../core/problem.ts";
import { fixturePaths } from "../../core/suite/fixture-paths.ts";
import { gatherFixtures, type ReadFixtures } from "../../core/suite/read-fixtures.ts";
import { readableEntries } from "../../core/suite/readable.ts";
import type { Snapshot, Tree } from "../../core/suite/snapshot.ts";
import type { KeptContents } from "../../ports/kept-contents.ts";
import type { Repository } from "../../ports/repository.ts";
import { contentsInMemory } from "./contents-in-memory.ts";
import { readContents, type SharedContents } from "./read-contents.ts";

/** Reads the contents of those paths that are ordinary files of the commit; others are missing from the answer. */
async function readFiles(
  repository: Repository,
  tree: Tree,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const entries = readableEntries(tree, paths);
  const texts = await repository.fetchTexts(entries);
  const files = new Map<string, string>();
  for (const { path, sha } of entries) {
    const text = texts.get(sha);
    if (text !== undefined) files.set(path, text);
  }
  return files;
}

/** Reads the configuration of a commit. */
export async function readConfig(repository: Repository, tree: Tree): Promise<ConfigAtCommit> {
  return (await readConfigFile(repository, tree)).config;
}

/** Reads the configuration of a commit, and its text where it is an ordinary file. */
export async function readConfigFile(
  repository: Repository,
  tree: Tree,
): Promise<{ readonly config: ConfigAtCommit; readonly text?: string }> {
  const entry = tree.entries.get(CONFIG_PATH);
  if (entry === undefined)
    return { config: isFolder(CONFIG_PATH, tree) ? unusable([FOLDER]) : { kind: "absent" } };
  const text = (await readFiles(repository, tree, [CONFIG_PATH])).get(CONFIG_PATH);
  if (text !== undefined) return { config: parseConfig(text), text };
  const got = `git mode ${entry.mode}, ${entry.size} bytes`;
  return { config: unusable([{ at: CONFIG_PATH, expected: "an ordinary file of at most 1 MB", got }]) };
}

const FOLDER: Problem = { at: CONFIG_PATH, expected: "an ordinary file", got: "a folder" };

function isFolder(path: string, tree: Tree): boolean {
  for (const other of tree.entries.keys()) if (other.startsWith(`${path}/`)) return true;
  return false;
}

/** Reads everything that the agents of a configuration are made of at a commit, and further files that are asked for. */
export async function readSnapshot(
  repository: Repository,
  tree: Tree,
  configs: readonly Config[],
  further: readonly string[] = [],
): Promise<Snapshot> {
  const paths = configs.flatMap((config) => [
    ...keyLevelPaths(config),
    ...Object.values(config.agents).flatMap((agent) => agentPaths(agent, tree)),
  ]);
  return { tree, files: await readFiles(repository, tree, [...new Set([...paths, ...further])]) };
}

/** The same content always says the same, so that one memory serves all who read. */
const contentsOfProcess = contentsInMemory();

/** Reads the fixtures of a commit that lie in these files, as if there were no others. */
export async function readFixturesAmong(
  repository: Repository,
  tree: Tree,
  paths: ReadonlySet<string>,
): Promise<ReadFixtures> {
  const among = fixturePaths(tree).filter((path) => paths.has(path));
  return gatherFixtures(among, await readContents(repository, tree, among, contentsOfProcess));
}

/** Reads the fixtures of a commit; what was read before is known to `kept`, by default the memory of this process. */
export async function readFixturesAt(
  repository: Repository,
  tree: Tree,
  kept: KeptContents = contentsOfProcess,
  shared: SharedContents = new Map(),
): Promise<ReadFixtures> {
  const paths = fixturePaths(tree);
  return gatherFixtures(paths, await readContents(repository, tree, paths, kept, shared));
}
