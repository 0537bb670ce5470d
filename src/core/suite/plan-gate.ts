import type { AgentCatalog } from "../agent/agent.ts";
import { resolveAgents } from "../agent/resolve-agents.ts";
import { trustEndpoints } from "../agent/trust-endpoints.ts";
import { changedFiles } from "../change/changed-files.ts";
import { classifyChanges } from "../change/classify-changes.ts";
import type { Config } from "../config/config.ts";
import { combineConfigs } from "../config/parse-config.ts";
import type { GateObstacle } from "../report/gate-report.ts";
import type { ReadFixtures } from "./read-fixtures.ts";
import { everythingBecauseOf, selectSuite } from "./select-suite.ts";
import type { Snapshot, Tree } from "./snapshot.ts";
import type { SuitePlan } from "./suite.ts";

/** One side of a pull request as it was read: its configuration and the files of its agents. */
export interface GateSide {
  readonly config: Config;
  readonly snapshot: Snapshot;
}

/** Everything that decides what a pull request runs. */
export interface GateInputs {
  /** How to judge: the configuration at the tip of the default branch. */
  readonly judging: Config;
  readonly base: GateSide;
  readonly head: GateSide;
  /** The fixtures of the default branch's tip and of the base: whatever the head does to them, they protect. */
  readonly protecting: readonly ReadFixtures[];
  /** The trees that those fixtures were read from. */
  readonly protectingTrees: readonly Tree[];
  readonly proposed: ReadFixtures;
  /** Whose endpoints may be called: the default branch's configuration; none where it is left out. */
  readonly trusted?: Config | undefined;
  /** Why everything must run whatever changed, where that is known before anything is compared. */
  readonly everythingBecause?: string | undefined;
  /** The day in UTC, as `2026-04-18`. */
  readonly today: string;
}

/** What a pull request runs, with the agents of both sides. */
export interface GatePlan {
  readonly config: Config;
  readonly suite: SuitePlan;
  readonly baseline: AgentCatalog;
  readonly candidate: AgentCatalog;
  /** What stands in the way of running the suite at all. */
  readonly obstacle: GateObstacle | undefined;
}

/** Decides what a pull request runs, from what was read and nothing else. */
export function planGate(inputs: GateInputs): GatePlan {
  const config = combineConfigs(inputs.judging, inputs.head.config);
  const baseConfig = combineConfigs(inputs.judging, inputs.base.config);
  const base = { config: baseConfig, snapshot: inputs.base.snapshot };
  const head = { config, snapshot: inputs.head.snapshot };
  const files = changedFiles(base.snapshot.tree, head.snapshot.tree);
  const suite = selectSuite({
    config,
    changes: classifyChanges({ base, head, files }),
    changedFiles: files,
    base: inputs.protecting,
    head: inputs.proposed,
    everythingBecause:
      inputs.everythingBecause ??
      everythingBecauseOf([base.snapshot.tree, head.snapshot.tree, ...inputs.protectingTrees]),
    today: inputs.today,
  });
  const baseline = trustEndpoints(resolveAgents(baseConfig, base.snapshot), inputs.trusted);
  const candidate = trustEndpoints(resolveAgents(config, head.snapshot), inputs.trusted);
  return { config, suite, baseline, candidate, obstacle: brokenAgent(suite, baseline, candidate) };
}

/** An agent that the head breaks, or that is broken and would have to run. */
function brokenAgent(
  suite: SuitePlan,
  baseline: AgentCatalog,
  candidate: AgentCatalog,
): GateObstacle | undefined {
  for (const [agent, problems] of candidate.problems) {
    const isNeeded = suite.selected.some(({ file }) => file.fixture.agent === agent);
    if (isNeeded || !baseline.problems.has(agent)) return { kind: "agent", agent, problems };
  }
  return undefined;
}
