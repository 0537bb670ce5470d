import type { AgentCatalog } from "../../core/agent/agent.ts";
import { resolveAgents } from "../../core/agent/resolve-agents.ts";
import { trustEndpoints } from "../../core/agent/trust-endpoints.ts";
import type { Config } from "../../core/config/config.ts";
import type { FixtureFile } from "../../core/fixture/fixture.ts";
import type { Tree } from "../../core/suite/snapshot.ts";
import type { GitHub } from "../../ports/github.ts";
import { readConfig, readFixturesAt, readSnapshot } from "./read-commit.ts";

/** A commit id, branch or tag that could be one; anything else in the field is a remark. */
const COMMIT_NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/;

/** What an incident is held against: configuration, agents and fixtures of one commit. */
export interface Ground {
  readonly sha: string;
  readonly config: Config;
  readonly catalog: AgentCatalog;
  readonly fixtures: readonly FixtureFile[];
  /** Reads the agents of the commit that the incident names; undefined where there is no such commit. */
  readonly catalogAt: (
    commit: string,
  ) => Promise<{ readonly sha: string; readonly catalog: AgentCatalog } | undefined>;
}

/** Reads what an incident is held against. */
export async function readGround(
  { repository, commits }: Pick<GitHub, "repository" | "commits">,
  sha: string,
  tree: Tree,
  config: Config,
): Promise<Ground> {
  const snapshot = await readSnapshot(repository, tree, [config]);
  const { files } = await readFixturesAt(repository, tree);
  return {
    sha,
    config,
    catalog: resolveAgents(config, snapshot),
    fixtures: files,
    async catalogAt(commit) {
      const named = COMMIT_NAME.test(commit) ? await commits.fetchCommit(commit) : undefined;
      if (named === undefined) return undefined;
      const treeThen = await repository.fetchTree(named);
      const configThen = await readConfig(repository, treeThen);
      if (configThen.kind !== "parsed") return undefined;
      const snapshotThen = await readSnapshot(repository, treeThen, [configThen.value]);
      return { sha: named, catalog: trustEndpoints(resolveAgents(configThen.value, snapshotThen), config) };
    },
  };
}

/** Adds the fixtures that wait in other pull requests; the branch's own version of a file counts before theirs. */
export function withPending(ground: Ground, pending: readonly FixtureFile[]): Ground {
  const known = new Set(ground.fixtures.map(({ path }) => path));
  return { ...ground, fixtures: [...ground.fixtures, ...pending.filter(({ path }) => !known.has(path))] };
}
