import { WORKING_TREE } from "../adapters/checkout/checkout-repository.ts";
import { readComparedCommits, readGateInputs } from "../app/jobs/compared-commits.ts";
import { readConfig } from "../app/jobs/read-commit.ts";
import type { Agent, AgentCatalog } from "../core/agent/agent.ts";
import { missingAgent } from "../core/agent/missing-agent.ts";
import { chooseJudging, type Judging } from "../core/config/choose-judging.ts";
import { CONFIG_PATH, type Config } from "../core/config/config.ts";
import type { Problem } from "../core/problem.ts";
import { planAll } from "../core/suite/plan-all.ts";
import { planGate } from "../core/suite/plan-gate.ts";
import type { SuitePlan } from "../core/suite/suite.ts";
import type { KeptContents } from "../ports/kept-contents.ts";
import type { Repository } from "../ports/repository.ts";
import { UsageError } from "./command.ts";
import { inFile } from "./problems.ts";
import { agentProblems, NO_CONFIGURATION, readCheckout, type Unusable } from "./read-checkout.ts";

/** What a run is about to do. */
export interface RunPlan {
  readonly kind: "planned";
  readonly config: Config;
  readonly suite: SuitePlan;
  readonly candidate: AgentCatalog;
  /** Undefined where the agent is judged as it stands. */
  readonly baseline:
    | { readonly agents: ReadonlyMap<string, Agent>; readonly sha: string; readonly branch: string }
    | undefined;
}

/** Plans a run of every fixture of the working tree on the agent as it stands there. */
export async function planStanding(repository: Repository, kept?: KeptContents): Promise<RunPlan | Unusable> {
  const checkout = await readCheckout(repository, kept);
  if (checkout.kind === "unusable") return checkout;
  const { config, catalog, fixtures } = checkout;
  return { kind: "planned", config, suite: planAll(fixtures), candidate: catalog, baseline: undefined };
}

/** Plans what the gate would run for a pull request of the working tree to this branch. */
export async function planChanged(
  repository: Repository,
  branch: string,
  today: string,
  kept?: KeptContents,
): Promise<RunPlan | Unusable> {
  const tip = await repository.fetchTip(branch);
  if (tip === undefined) {
    throw new UsageError(
      `--changed takes a branch, tag or commit that this checkout has, got ${JSON.stringify(branch)}; \`git fetch\` may bring it`,
    );
  }
  const baseSha = await repository.fetchMergeBase(tip.sha, WORKING_TREE);
  const tree = await repository.fetchTree(tip.sha);
  const known = { judging: await readConfig(repository, tree), defaultTree: tree, targetTree: tree, baseSha };
  const commits = await readComparedCommits(repository, known, WORKING_TREE);

  const judging = chooseJudging(commits);
  if (judging.kind !== "chosen") return unusableJudging(judging, branch);
  const { config, everythingBecause } = judging;
  const inputs = await readGateInputs(repository, commits, config, kept);
  const gate = planGate({ ...inputs, everythingBecause, today });
  if (gate.obstacle?.kind === "agent") {
    return { kind: "unusable", problems: agentProblems(gate.obstacle.agent, gate.obstacle.problems) };
  }
  return {
    kind: "planned",
    config: gate.config,
    suite: gate.suite,
    candidate: gate.candidate,
    baseline: { agents: gate.baseline.agents, sha: baseSha, branch },
  };
}

function unusableJudging(judging: Exclude<Judging, { kind: "chosen" }>, branch: string): Unusable {
  if (judging.kind === "absent") return { kind: "unusable", problems: [NO_CONFIGURATION] };
  const path = judging.at === "head" ? CONFIG_PATH : `${branch}:${CONFIG_PATH}`;
  return { kind: "unusable", problems: judging.problems.map(inFile(path)) };
}

/**
 * Everything that keeps selected fixtures from being run on the agent as it stands.
 * Against a baseline there is none: what cannot be run there is undecided, as it is on GitHub.
 */
export function obstaclesOf({ suite, candidate, baseline }: RunPlan): readonly Problem[] {
  if (baseline !== undefined) return [];
  const needed = suite.selected.flatMap(({ file }) => {
    const missing = missingAgent(candidate.agents, file.fixture.agent);
    return missing === undefined ? [] : [{ missing, path: file.path }];
  });
  return [...Map.groupBy(needed, ({ missing }) => missing)].flatMap(([name, [first]]) => {
    const problems = candidate.problems.get(name);
    if (problems !== undefined) return agentProblems(name, problems);
    const at = `${first?.path}: agent`;
    return [{ at, expected: "an agent of the configuration, and those that it hands over to", got: name }];
  });
}
