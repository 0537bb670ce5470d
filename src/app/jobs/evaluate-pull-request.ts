import { CONFIG_PATH, type Config } from "../../core/config/config.ts";
import type { Problem } from "../../core/problem.ts";
import type { GateObstacle, GateReport } from "../../core/report/gate-report.ts";
import { type GatePlan, planGate } from "../../core/suite/plan-gate.ts";
import { runSuite } from "../../core/suite/run-suite.ts";
import { pricesWith } from "../../core/trial/prices.ts";
import { conclude } from "../../core/verdict/conclude.ts";
import type { FixtureVerdict } from "../../core/verdict/verdict.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { HeldFixture } from "../../ports/records.ts";
import type { Repository } from "../../ports/repository.ts";
import { bestEffort } from "./best-effort.ts";
import type { JobDeps } from "./deps.ts";
import { readFixturesAt, readSnapshot } from "./read-commit.ts";
import { configOr, type PullRequestCommits } from "./read-pull-request.ts";

/** How many fixtures are under way at a time; the requests are limited for the whole process by the model itself. */
const FIXTURES_AT_A_TIME = 50;

/** What evaluating a pull request came to. */
export type Evaluation =
  | { readonly kind: "superseded"; readonly newHead: string }
  | { readonly kind: "obstacle"; readonly obstacle: GateObstacle }
  | {
      readonly kind: "evaluated";
      readonly report: GateReport;
      /** Fixtures that passed on the default branch: from now on they must hold. */
      readonly held: readonly HeldFixture[];
      /** The provider left something undecided that another run may decide. */
      readonly outage: boolean;
    };

/** One pull request, ready to be evaluated. */
export interface EvaluationOrder {
  readonly repo: string;
  readonly pullRequest: PullRequest;
  readonly commits: PullRequestCommits;
  /** Running the suite may cost money: not for a fork's head until somebody with write access says so. */
  readonly mayPay: boolean;
  readonly repository: Repository;
  readonly signal: AbortSignal;
  /** Answers the new head, or why there is none, where this one is no longer judged; once it was overtaken, for good. */
  readonly supersededBy: () => Promise<string | undefined>;
  readonly onProgress: (done: number, total: number) => Promise<void>;
  readonly deps: JobDeps;
}

/** Reads both sides, decides what runs, runs it, and concludes. */
export async function evaluatePullRequest(order: EvaluationOrder): Promise<Evaluation> {
  const { commits } = order;
  const judging = judgingConfig(commits);
  if (judging.kind === "obstacle") return judging;
  const { everythingBecause } = judging;
  const gate = planGate({ ...(await readInputs(order, judging.config)), everythingBecause });
  const obstacle = gate.obstacle ?? obstacleToRunning(order, gate);
  if (obstacle !== undefined) return { kind: "obstacle", obstacle };
  return await runGate(order, gate);
}

/** Said where a head has to judge itself: what it leaves out of its configuration must not go unseen. */
const NO_JUDGE_KNOWN =
  "the configuration on the default branch cannot be used and no earlier one is known, so which fixtures protect the agents cannot be told";

/** The configuration that judges, and why everything must run where the head's own has to. */
type Judging = {
  readonly kind: "config";
  readonly config: Config;
  readonly everythingBecause: string | undefined;
};

/** The configuration that judges; a head that repairs a broken one judges itself where no earlier one is known, or it could never be merged. */
function judgingConfig(commits: PullRequestCommits): Judging | Extract<Evaluation, { kind: "obstacle" }> {
  const broken = (at: "default_branch" | "head", problems: readonly Problem[]) =>
    ({ kind: "obstacle", obstacle: { kind: "configuration", path: CONFIG_PATH, at, problems } }) as const;
  const { judging, headConfig, headTree, defaultTree } = commits;
  // A head that has the default branch's own file did not break it.
  const isInherited = headTree.entries.get(CONFIG_PATH)?.sha === defaultTree.entries.get(CONFIG_PATH)?.sha;
  if (headConfig.kind === "unusable" && !isInherited) return broken("head", headConfig.problems);
  if (judging.kind === "parsed")
    return { kind: "config", config: judging.value, everythingBecause: undefined };
  if (headConfig.kind === "parsed")
    return { kind: "config", config: headConfig.value, everythingBecause: NO_JUDGE_KNOWN };
  return broken("default_branch", judging.problems);
}

async function readInputs({ commits, repository, deps }: EvaluationOrder, judging: Config) {
  const baseConfig = configOr(commits.baseConfig, judging);
  const headConfig = configOr(commits.headConfig, judging);
  const read = [judging, baseConfig, headConfig];
  const protectingTrees = [...new Set([commits.defaultTree, commits.targetTree])];
  return {
    judging,
    base: { config: baseConfig, snapshot: await readSnapshot(repository, commits.baseTree, read) },
    head: { config: headConfig, snapshot: await readSnapshot(repository, commits.headTree, read) },
    protectingTrees,
    protecting: await Promise.all(protectingTrees.map((tree) => readFixturesAt(repository, tree))),
    proposed: await readFixturesAt(repository, commits.headTree),
    today: deps.now().toISOString().slice(0, 10),
  };
}

function obstacleToRunning(order: EvaluationOrder, gate: GatePlan): GateObstacle | undefined {
  if (gate.suite.selected.length === 0) return undefined;
  if (!order.mayPay) return { kind: "fork", owner: order.pullRequest.author };
  return order.deps.models === undefined ? { kind: "no_model_key" } : undefined;
}

async function runGate(order: EvaluationOrder, gate: GatePlan): Promise<Evaluation> {
  const { commits, deps } = order;
  const known = await deps.heldFixtures.searchHeld(order.repo);
  const run = await runSuite({
    selected: gate.suite.selected,
    candidateAgents: gate.candidate.agents,
    baselineAgents: gate.baseline.agents,
    held: new Set(known.map(({ fixtureId }) => fixtureId)),
    trialsMax: gate.config.gate.trials.pull_request,
    concurrency: FIXTURES_AT_A_TIME,
    maxCostUsd: gate.config.gate.max_cost_usd,
    prices: pricesWith(gate.config.gate.prices),
    askModel: deps.models?.ask ?? askNobody,
    askJudge: deps.models?.judgeWith(gate.config.judge.model) ?? askNobody,
    now: deps.elapsedMs,
    signal: order.signal,
    // Neither is worth what was paid already: the run asks again, for certain before it concludes.
    isCurrent: async () => (await bestEffort(order.supersededBy)) === undefined,
    onProgress: (done, total) => bestEffort(() => order.onProgress(done, total)),
  });
  order.signal.throwIfAborted();
  const newHead = await order.supersededBy();
  if (newHead !== undefined) return { kind: "superseded", newHead };
  return {
    kind: "evaluated",
    report: {
      repo: order.repo,
      pullRequest: order.pullRequest.number,
      head: { sha: order.pullRequest.head.sha, branch: order.pullRequest.head.branch },
      base: { sha: commits.baseSha, branch: commits.baseBranch },
      plan: gate.suite,
      verdicts: run.verdicts,
      conclusions: conclude(gate.suite, run.verdicts, gate.config),
      trials: run.trials,
      costUsd: run.costUsd,
      unpricedModels: run.unpricedModels,
      durationMs: run.durationMs,
      stopped: run.stopped,
    },
    held: isOnDefaultBranch(commits) ? heldBy(run.verdicts, commits.baseSha, deps.now()) : [],
    outage: run.outage,
  };
}

/** Stands where no model is configured; the suite is empty then, or we would not have come here. */
const askNobody = (): never => {
  throw new Error("a model was asked although none is configured");
};

function isOnDefaultBranch(commits: PullRequestCommits): boolean {
  return commits.baseBranch === commits.defaultBranch;
}

function heldBy(verdicts: readonly FixtureVerdict[], sha: string, at: Date): readonly HeldFixture[] {
  return verdicts
    .filter(({ origin, baseline }) => origin === "unchanged" && baseline?.outcome === "passed")
    .map(({ file }) => ({ fixtureId: file.fixture.id, sha, at }));
}
