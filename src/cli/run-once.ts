import type { Models } from "../app/jobs/deps.ts";
import { missingKeys } from "../app/jobs/missing-keys.ts";
import { runPlanned } from "../app/jobs/run-planned.ts";
import { reuseTrials } from "../app/kept-trials.ts";
import type { Provider } from "../core/agent/named-model.ts";
import { dayOf } from "../core/fixture/day.ts";
import { decideExitCode } from "../core/report/exit-code.ts";
import { renderEstimate } from "../core/report/render-estimate.ts";
import { type PlanDetails, renderPlan, renderScope } from "../core/report/render-plan.ts";
import { renderTerminal } from "../core/report/render-terminal.ts";
import type { RunFindings, RunReport, Shard } from "../core/report/run-report.ts";
import { estimateCost } from "../core/suite/estimate-cost.ts";
import { nameOfSelected } from "../core/suite/narrow-plan.ts";
import type { SuitePlan } from "../core/suite/suite.ts";
import { shortSha } from "../core/text/short-sha.ts";
import { pricesWith } from "../core/trial/prices.ts";
import type { Repository } from "../ports/repository.ts";
import type { TrialStore } from "../ports/trial-store.ts";
import { chooseFixtures } from "./choose-fixtures.ts";
import { EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { digest, keepingTrials } from "./keep-trials.ts";
import { openKeptContents } from "./kept-contents.ts";
import { type LastRun, noteLastRun, readLastRun, seenCosts } from "./last-run.ts";
import type { OpenCheckout } from "./open-checkout.ts";
import { beginLoadingModels, missingKeyText, openModels } from "./open-models.ts";
import { prepareOwnFolder, withKeptTrials } from "./own-folder.ts";
import { placeProblems } from "./place-problems.ts";
import { obstaclesOf, planChanged, planStanding, type RunPlan } from "./plan-run.ts";
import { reportProblems } from "./problems.ts";
import { fixtureProblems } from "./read-checkout.ts";
import { prepareReports, writeReports } from "./report-files.ts";
import type { RunOptions } from "./run-options.ts";
import { createProgress } from "./show-progress.ts";

/** How a run ended, and what was planned, where that could be read. */
export interface Ended {
  readonly code: ExitCode;
  readonly plan: RunPlan | undefined;
}

/** Plans what is asked for, runs it, and tells what it came to; `only` names the fixtures of interest. */
export async function runOnce(
  checkout: OpenCheckout,
  options: RunOptions,
  terminal: Terminal,
  only?: ReadonlySet<string>,
): Promise<Ended> {
  if (options.stopBefore === undefined) beginLoadingModels(terminal);
  const whole = await planRun(checkout.repository, options, terminal);
  if (whole.kind === "unusable") {
    const problems = await placeProblems(whole.problems, checkout.repository);
    return { code: reportProblems(problems, terminal), plan: undefined };
  }
  const last = await readLastRun(checkout.folder);
  const trialsMax = options.trials ?? whole.config.gate.trials.pull_request;
  const suite = chooseFixtures(whole.suite, { ...options, only, trialsMax }, last);
  const plan = { ...whole, suite };
  const code = await carryOut({ checkout, whole, plan, options, trialsMax, last, terminal });
  return { code, plan: whole };
}

/** Plans a run of the working tree as it is, or as the gate would for a pull request. */
export async function planRun(
  repository: Repository,
  { changed }: Pick<RunOptions, "changed">,
  terminal: Terminal,
) {
  const kept = openKeptContents(terminal);
  if (changed === undefined) return await planStanding(repository, kept);
  return await planChanged(repository, changed, dayOf(terminal.now()), kept);
}

/** All that a planned run goes on with. */
interface Planned {
  readonly checkout: OpenCheckout;
  /** Before it was narrowed to what somebody asked for. */
  readonly whole: RunPlan;
  readonly plan: RunPlan;
  readonly options: RunOptions;
  readonly trialsMax: number;
  readonly last: LastRun;
  readonly terminal: Terminal;
}

async function carryOut(planned: Planned): Promise<ExitCode> {
  const { plan, whole, options, terminal } = planned;
  const isEmpty = plan.suite.selected.length === 0;
  if (whole.suite.selected.length === 0 && plan.baseline === undefined)
    return reportEmpty(plan.suite, terminal);
  if (isEmpty && options.onlyFailed) return reportNoneFailed(terminal);
  const obstacles = obstaclesOf(plan);
  if (obstacles.length > 0) return reportProblems(obstacles, terminal);
  if (options.stopBefore !== undefined) return tellAhead(planned, options.stopBefore);

  const models = openModels(terminal, planned.checkout.folder);
  const names = plan.suite.selected.map(({ file }) => file.fixture.agent);
  const missing = missingKeys(plan.candidate.agents, names, models);
  if (missing.length > 0) return reportNoKey(missing, terminal);
  await prepareReports(options, terminal);
  if (plan.baseline !== undefined) {
    terminal.print(`${renderScope(plan.suite, planDetails(planned))}\n`);
  }
  if (!isEmpty) terminal.say(`${estimateText(planned)}\n`);
  const report = await evaluate(planned, models);
  await writeReports(report, options, terminal);
  terminal.print(renderTerminal(report, { colours: terminal.colours }));
  return decideExitCode(report);
}

function tellAhead(planned: Planned, what: "plan" | "estimate"): ExitCode {
  const { plan, terminal } = planned;
  if (what === "plan") terminal.print(`${renderPlan(plan.suite, planDetails(planned))}\n`);
  terminal.print(`${estimateText(planned)}\n`);
  return EXIT.held;
}

function estimateText({ plan, options, trialsMax, last }: Planned): string {
  const estimate = estimateCost({
    selected: plan.suite.selected,
    agents: plan.candidate.agents,
    trialsMax,
    sides: plan.baseline === undefined ? 1 : 2,
    prices: pricesWith(plan.config.gate.prices),
    seen: seenCosts(last),
  });
  const capUsd = options.maxCostUsd ?? plan.config.gate.max_cost_usd;
  return renderEstimate(estimate, plan.suite.selected.length, capUsd);
}

/** Nothing to run is no success, unless the gate itself decided it. */
function reportEmpty(suite: SuitePlan, terminal: Terminal): ExitCode {
  if (suite.broken.length > 0) return reportProblems(fixtureProblems(suite), terminal);
  throw new UsageError(
    "nothing to run: there is no fixture under evals/; `incident-to-eval draft` and `incident-to-eval import` make some",
  );
}

function reportNoneFailed({ print }: Terminal): ExitCode {
  print("Nothing to run: none of these fixtures failed when it ran last.\n");
  return EXIT.held;
}

function reportNoKey(missing: readonly Provider[], terminal: Terminal): ExitCode {
  terminal.say(`incident-to-eval: ${missingKeyText(missing)}\n`);
  return EXIT.undecided;
}

function planDetails({ plan, terminal }: Planned): PlanDetails {
  const { baseline } = plan;
  const against = baseline && `${shortSha(baseline.sha)} (merge base with ${baseline.branch})`;
  return { against, colours: terminal.colours };
}

async function evaluate(planned: Planned, models: Models | undefined): Promise<RunReport> {
  const { checkout, plan, whole, options, last, terminal } = planned;
  const naming = branchOf(checkout.repository);
  // Looked at where it is waited for; until then the run goes first.
  naming.catch(() => undefined);
  await prepareOwnFolder(checkout.folder);
  const findings = await withKeptTrials(checkout.folder, terminal, (store) =>
    runKeeping(planned, models, store),
  );
  const base = plan.baseline && { sha: plan.baseline.sha, branch: plan.baseline.branch };
  await noteLastRun(checkout.folder, last, findings.verdicts, base ?? null);
  return {
    ...findings,
    head: { sha: undefined, branch: await naming },
    base,
    gate: plan.config.gate,
    ...(options.shard === undefined ? {} : { shard: shardOf(whole, options.shard) }),
  };
}

async function runKeeping(
  { plan, options, terminal }: Planned,
  models: Models | undefined,
  store: TrialStore,
): Promise<RunFindings> {
  const { config, suite, candidate, baseline } = plan;
  const progress = createProgress(suite.selected.length, terminal);
  const running = runPlanned({
    config,
    suite,
    candidateAgents: candidate.agents,
    baselineAgents: baseline?.agents,
    // Which fixtures have held before is known to the app alone.
    held: new Set(),
    models,
    trialsMax: options.trials,
    maxCostUsd: options.maxCostUsd,
    now: terminal.elapsedMs,
    signal: terminal.signal,
    isCurrent: async () => true,
    onProgress: async () => undefined,
    runTrial: reuseTrials(keepingTrials(store, config, options.reuses, terminal)),
    watcher: progress,
  });
  return (await running.finally(progress.clear)).findings;
}

/** Shards belong together where suite and agents are the same to the letter. */
function shardOf({ suite, candidate, baseline }: RunPlan, shard: Omit<Shard, "suite">): Shard {
  const fixtures = suite.selected.map((one) => [nameOfSelected(one), one.file.fixture]);
  const agents = [...candidate.agents, ...(baseline?.agents ?? [])];
  return { ...shard, suite: digest(JSON.stringify([fixtures.sort(), agents, baseline?.sha ?? null])) };
}

/** Names what is checked out. */
export async function branchOf(repository: Repository): Promise<string> {
  const hasCommits = (await repository.fetchTip("HEAD")) !== undefined;
  return hasCommits ? (await repository.fetchDefaultTip()).branch : "a branch without commits";
}
