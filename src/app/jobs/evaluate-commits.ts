import { chooseJudging } from "../../core/config/choose-judging.ts";
import { CONFIG_PATH } from "../../core/config/config.ts";
import { dayOf } from "../../core/fixture/day.ts";
import { JUDGE_PROMPT_VERSION } from "../../core/grading/judge-prompt.ts";
import type { GateObstacle, GateReport } from "../../core/report/gate-report.ts";
import { type GatePlan, planGate } from "../../core/suite/plan-gate.ts";
import { planRelease } from "../../core/suite/plan-release.ts";
import type { SuiteSetting } from "../../core/suite/run-suite.ts";
import type { RunTrial } from "../../core/trial/run-trial.ts";
import { listQuarantined } from "../../core/verdict/quarantine.ts";
import type { FixtureVerdict } from "../../core/verdict/verdict.ts";
import { weighForRelease } from "../../core/verdict/weigh-release.ts";
import type { HeldFixture } from "../../ports/records.ts";
import type { Repository } from "../../ports/repository.ts";
import { reuseTrials } from "../kept-trials.ts";
import { VERSION } from "../version.ts";
import { bestEffort } from "./best-effort.ts";
import { earlierResults } from "./branch-baseline.ts";
import { type ComparedCommits, readGateInputs } from "./compared-commits.ts";
import type { JobDeps } from "./deps.ts";
import { readJudgeStanding } from "./judge-standing.ts";
import { missingKeys } from "./missing-keys.ts";
import { type PlannedRun, runPlanned } from "./run-planned.ts";

/** What evaluating a head came to. */
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

/** The commits of an evaluation, and the branches that they are called by. */
export interface EvaluatedCommits extends ComparedCommits {
  readonly defaultBranch: string;
  readonly baseBranch: string;
}

/** How a head is evaluated: by what it changes, or in full as a release, with a baseline or alone. */
export type Manner =
  | { readonly kind: "change" }
  | { readonly kind: "release"; readonly hasBaseline: boolean };

/** One head, ready to be evaluated. */
export interface CommitsOrder {
  readonly repo: string;
  readonly pullRequest?: number | undefined;
  readonly head: { readonly sha: string; readonly branch: string };
  readonly commits: EvaluatedCommits;
  readonly manner: Manner;
  /** What forbids spending money on this head; undefined where nothing does. */
  readonly obstacleToPaying?: GateObstacle | undefined;
  readonly repository: Repository;
  readonly signal: AbortSignal;
  /** Answers the new head, or why there is none, where this one is no longer judged; once it was overtaken, for good. */
  readonly supersededBy: () => Promise<string | undefined>;
  readonly onProgress: SuiteSetting["onProgress"];
  /** Trials of this head that were run before may stand for new ones; not where somebody asked to run it again. */
  readonly reusesTrials: boolean;
  readonly deps: JobDeps;
}

/** Reads both sides, decides what runs, runs it, and concludes: for pull requests, merge groups and releases alike. */
export async function evaluateCommits(order: CommitsOrder): Promise<Evaluation> {
  const { commits, repository, manner, deps } = order;
  const judging = chooseJudging(commits);
  if (judging.kind === "absent") throw new Error("a head without a configuration was to be evaluated");
  if (judging.kind === "broken") {
    const { at, problems } = judging;
    return { kind: "obstacle", obstacle: { kind: "configuration", path: CONFIG_PATH, at, problems } };
  }
  const { config, everythingBecause } = judging;
  const inputs = await readGateInputs(repository, commits, config);
  const plan = manner.kind === "release" ? planRelease : planGate;
  const gate = plan({ ...inputs, everythingBecause, today: dayOf(deps.now()) });
  const obstacle = gate.obstacle ?? obstacleToRunning(order, gate);
  if (obstacle !== undefined) return { kind: "obstacle", obstacle };
  return await runGate(order, gate);
}

function obstacleToRunning(order: CommitsOrder, gate: GatePlan): GateObstacle | undefined {
  if (gate.suite.selected.length === 0) return undefined;
  if (order.obstacleToPaying !== undefined) return order.obstacleToPaying;
  const names = gate.suite.selected.map(({ file }) => file.fixture.agent);
  const providers = missingKeys(gate.candidate.agents, names, order.deps.models);
  return providers.length === 0 ? undefined : { kind: "no_model_key", providers };
}

async function runGate(order: CommitsOrder, gate: GatePlan): Promise<Evaluation> {
  const { commits, repo, head, deps } = order;
  const known = await deps.heldFixtures.searchHeld(repo);
  const quarantines = await deps.decisions.searchQuarantines(repo, deps.now());
  const { weigh = (verdict) => verdict, ...manner } = await mannerOf(order, gate);
  const judgedBy = {
    judge: gate.config.judge,
    judgeModel: deps.models?.judgeModel,
    tree: commits.defaultTree,
  };
  const standing = await readJudgeStanding(judgedBy, order.repository, deps.digest);
  const { findings, outage } = await runPlanned({
    ...manner,
    judgeMayBlock: standing.kind === "calibrated",
    weigh: (verdict) => listQuarantined(weigh(verdict), quarantines),
    config: gate.config,
    suite: gate.suite,
    candidateAgents: gate.candidate.agents,
    held: new Set(known.map(({ fixtureId }) => fixtureId)),
    models: deps.models,
    now: deps.elapsedMs,
    runTrial: trialsOfHead(order, gate),
    signal: order.signal,
    // Neither is worth what was paid already: the run asks again, for certain before it concludes.
    isCurrent: async () => (await bestEffort(order.supersededBy)) === undefined,
    onProgress: (...progress) => bestEffort(() => order.onProgress(...progress)),
  });
  const newHead = await order.supersededBy();
  if (newHead !== undefined) return { kind: "superseded", newHead };
  return {
    kind: "evaluated",
    report: {
      ...findings,
      repo,
      ...(order.pullRequest === undefined ? {} : { pullRequest: order.pullRequest }),
      head: { sha: head.sha, branch: head.branch },
      base: { sha: commits.baseSha, branch: commits.baseBranch },
    },
    held: isOnDefaultBranch(order) ? heldBy(findings.verdicts, commits.baseSha, deps.now()) : [],
    outage,
  };
}

/**
 * What was run for this head within the last day is not paid for again when its run begins anew: after a crash, an
 * outage, or a change of what judges it. Another head, and whoever asks to run again, gets trials of its own.
 */
function trialsOfHead({ repo, head, reusesTrials, deps }: CommitsOrder, { config }: GatePlan): RunTrial {
  return reuseTrials({
    store: deps.trials,
    digest: deps.digest,
    now: deps.now,
    scope: JSON.stringify([VERSION, repo, head.sha]),
    judge: JSON.stringify([config.judge, JUDGE_PROMPT_VERSION]),
    reuses: reusesTrials,
  });
}

async function mannerOf(
  { manner, repo, deps }: CommitsOrder,
  gate: GatePlan,
): Promise<Pick<PlannedRun, "baselineAgents" | "earlierOf" | "trialsMax" | "weigh">> {
  const { agents } = gate.baseline;
  if (manner.kind === "release") {
    const baselineAgents = manner.hasBaseline ? agents : undefined;
    return { baselineAgents, trialsMax: gate.config.gate.trials.release, weigh: weighForRelease };
  }
  const earlierOf = await earlierResults(repo, { config: gate.config, agents }, deps);
  return { baselineAgents: agents, earlierOf };
}

/** What was deployed last may be anywhere, so only a change's baseline is the default branch. */
function isOnDefaultBranch({ manner, commits }: CommitsOrder): boolean {
  return manner.kind === "change" && commits.baseBranch === commits.defaultBranch;
}

function heldBy(verdicts: readonly FixtureVerdict[], sha: string, at: Date): readonly HeldFixture[] {
  return verdicts
    .filter(({ origin, baseline }) => origin === "unchanged" && baseline?.outcome === "passed")
    .map(({ file }) => ({ fixtureId: file.fixture.id, sha, at }));
}
