import { CONFIG_PATH } from "../../core/config/config.ts";
import { type ConfigEffect, configEffect } from "../../core/suite/config-effect.ts";
import type { Tree } from "../../core/suite/snapshot.ts";
import type { Repository } from "../../ports/repository.ts";
import { type ComparedCommits, readGateInputs } from "./compared-commits.ts";

/** Tells what the configuration that a head brings would select; undefined where it brings none that can be used. */
export async function readConfigEffect(
  repository: Repository,
  commits: ComparedCommits,
  today: string,
): Promise<ConfigEffect | undefined> {
  const { judging, headConfig, headTree, baseTree, defaultTree } = commits;
  const changes = [baseTree, defaultTree].every((tree) => shaIn(tree) !== shaIn(headTree));
  if (!changes || judging.kind !== "parsed" || headConfig.kind !== "parsed") return undefined;
  const inputs = await readGateInputs(repository, commits, judging.value);
  return configEffect({ ...inputs, everythingBecause: undefined, today }, headConfig.value);
}

function shaIn(tree: Tree): string | undefined {
  return tree.entries.get(CONFIG_PATH)?.sha;
}
