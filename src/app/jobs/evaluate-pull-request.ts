import { chooseJudging } from "../../core/config/choose-judging.ts";
import { CONFIG_PATH } from "../../core/config/config.ts";
import { dayOf } from "../../core/fixture/day.ts";
import type { GateObstacle, GateReport } from "../../core/report/gate-report.ts";
import { type GatePlan, planGate } from "../../core/suite/plan-gate.ts";
import type { FixtureVerdict } from "../../core/verdict/verdict.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { HeldFixture } from "../../ports/records.ts";
import type { Repository } from "../../ports/repository.ts";
import { bestEffort } from "./best-effort.ts";
import { readGateInputs } from "./compared-commits.ts";
import type { JobDeps } from "./deps.ts";
import type { PullRequestCommits } from "./read-pull-request.ts";
import { runPlanned } from "./run-planned.ts";

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
  const { commits, repository, deps } = order;
  const judging = chooseJudging(commits);
  if (judging.kind === "absent")
    throw new Error("a pull request without a configuration was to be evaluated");
  if (judging.kind === "broken") {
    const { at, problems } = judging;
    return { kind: "obstacle", obstacle: { kind: "configuration", path: CONFIG_PATH, at, problems } };
  }
  const { config, everythingBecause } = judging;
  const inputs = await readGateInputs(repository, commits, config);
  const gate = planGate({ ...inputs, everythingBecause, today: dayOf(deps.now()) });
  const obstacle = gate.obstacle ?? obstacleToRunning(order, gate);
  if (obstacle !== undefined) return { kind: "obstacle", obstacle };
  return await runGate(order, gate);
}

function obstacleToRunning(order: EvaluationOrder, gate: GatePlan): GateObstacle | undefined {
  if (gate.suite.selected.length === 0) return undefined;
  if (!order.mayPay) return { kind: "fork", owner: order.pullRequest.author };
  return order.deps.models === undefined ? { kind: "no_model_key" } : undefined;
}

async function runGate(order: EvaluationOrder, gate: GatePlan): Promise<Evaluation> {
  const { commits, deps } = order;
  const known = await deps.heldFixtures.searchHeld(order.repo);
  const { findings, outage } = await runPlanned({
    config: gate.config,
    suite: gate.suite,
    candidateAgents: gate.candidate.agents,
    baselineAgents: gate.baseline.agents,
    held: new Set(known.map(({ fixtureId }) => fixtureId)),
    models: deps.models,
    now: deps.elapsedMs,
    signal: order.signal,
    // Neither is worth what was paid already: the run asks again, for certain before it concludes.
    isCurrent: async () => (await bestEffort(order.supersededBy)) === undefined,
    onProgress: (done, total) => bestEffort(() => order.onProgress(done, total)),
  });
  const newHead = await order.supersededBy();
  if (newHead !== undefined) return { kind: "superseded", newHead };
  const { head } = order.pullRequest;
  return {
    kind: "evaluated",
    report: {
      ...findings,
      repo: order.repo,
      pullRequest: order.pullRequest.number,
      head: { sha: head.sha, branch: head.branch },
      base: { sha: commits.baseSha, branch: commits.baseBranch },
    },
    held: isOnDefaultBranch(commits) ? heldBy(findings.verdicts, commits.baseSha, deps.now()) : [],
    outage,
  };
}

function isOnDefaultBranch(commits: PullRequestCommits): boolean {
  return commits.baseBranch === commits.defaultBranch;
}

function heldBy(verdicts: readonly FixtureVerdict[], sha: string, at: Date): readonly HeldFixture[] {
  return verdicts
    .filter(({ origin, baseline }) => origin === "unchanged" && baseline?.outcome === "passed")
    .map(({ file }) => ({ fixtureId: file.fixture.id, sha, at }));
}
