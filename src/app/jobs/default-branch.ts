import type { ConfigAtCommit } from "../../core/config/choose-judging.ts";
import { parseConfig } from "../../core/config/parse-config.ts";
import type { Tree } from "../../core/suite/snapshot.ts";
import type { LastConfigs } from "../../ports/records.ts";
import type { Repository, Tip } from "../../ports/repository.ts";
import { readConfigFile } from "./read-commit.ts";

/** The tip of the default branch, with the configuration that judges. */
export interface DefaultBranch {
  readonly tip: Tip;
  readonly tree: Tree;
  /** The configuration as it stands. */
  readonly config: ConfigAtCommit;
  /** The configuration that judges: the one that stands, or the last one that could be used where that is broken. */
  readonly judging: ConfigAtCommit;
}

/** Reads the default branch as it stands, and remembers its configuration while that can be used. */
export async function readDefaultBranch(
  repository: Repository,
  repo: string,
  { lastConfigs }: { readonly lastConfigs: LastConfigs },
): Promise<DefaultBranch> {
  const tip = await repository.fetchDefaultTip();
  const tree = await repository.fetchTree(tip.sha);
  const { config, text } = await readConfigFile(repository, tree);
  if (config.kind === "absent") return { tip, tree, config, judging: config };
  const last = await lastConfigs.fetchLastConfig(repo);
  if (config.kind === "parsed") {
    if (text !== undefined && text !== last) await lastConfigs.saveLastConfig(repo, text);
    return { tip, tree, config, judging: config };
  }
  const known = last === undefined ? config : parseConfig(last);
  return { tip, tree, config, judging: known.kind === "parsed" ? known : config };
}
