import type { AgentCatalog } from "../core/agent/agent.ts";
import { resolveAgents } from "../core/agent/resolve-agents.ts";
import { CONFIG_PATH, type Config } from "../core/config/config.ts";
import type { Problem } from "../core/problem.ts";
import type { ReadFixtures } from "../core/suite/read-fixtures.ts";
import type { Snapshot, Tree } from "../core/suite/snapshot.ts";
import { readConfig, readFixturesAt, readSnapshot } from "../app/jobs/read-commit.ts";
import type { Repository } from "../ports/repository.ts";

/** One state of a checkout, read whole. */
export interface Checkout {
  readonly kind: "read";
  readonly tree: Tree;
  readonly config: Config;
  readonly snapshot: Snapshot;
  readonly catalog: AgentCatalog;
  readonly fixtures: ReadFixtures;
}

/** Reads configuration, agents and fixtures of a commit or of the working tree. */
export async function readCheckout(
  repository: Repository,
  commit: string,
): Promise<Checkout | { readonly kind: "unusable"; readonly problems: readonly Problem[] }> {
  const tree = await repository.fetchTree(commit);
  const config = await readConfig(repository, tree);
  if (config.kind === "absent") {
    const problem = { at: CONFIG_PATH, expected: "a configuration (write one with `incident-to-eval init`)", got: "no such file" };
    return { kind: "unusable", problems: [problem] };
  }
  if (config.kind === "unusable") {
    return { kind: "unusable", problems: config.problems.map((problem) => ({ ...problem, at: `${CONFIG_PATH}: ${problem.at}` })) };
  }
  const snapshot = await readSnapshot(repository, tree, [config.value]);
  return {
    kind: "read",
    tree,
    config: config.value,
    snapshot,
    catalog: resolveAgents(config.value, snapshot),
    fixtures: await readFixturesAt(repository, tree),
  };
}

/** Everything that is wrong with a checkout: broken agents and broken fixtures. */
export function problemsOf(checkout: Checkout): readonly Problem[] {
  const agents = [...checkout.catalog.problems].flatMap(([name, problems]) =>
    problems.map((problem) => ({ ...problem, at: `agent ${name}: ${problem.at}` })),
  );
  const fixtures = checkout.fixtures.broken.flatMap(({ path, problems }) =>
    problems.map((problem) => ({ ...problem, at: `${path}: ${problem.at}` })),
  );
  const orphans = checkout.fixtures.files
    .filter(({ fixture }) => checkout.config.agents[fixture.agent] === undefined)
    .map(({ path, fixture }) => ({
      at: `${path}: agent`,
      expected: `one of ${Object.keys(checkout.config.agents).join(", ")}`,
      got: fixture.agent,
    }));
  return [...agents, ...fixtures, ...orphans];
}
