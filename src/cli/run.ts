import { resolve } from "node:path";
import type { Models } from "../app/jobs/deps.ts";
import { runPlanned } from "../app/jobs/run-planned.ts";
import { dayOf } from "../core/fixture/day.ts";
import { decideExitCode } from "../core/report/exit-code.ts";
import { renderJson } from "../core/report/render-json.ts";
import { renderJunit } from "../core/report/render-junit.ts";
import { type PlanDetails, renderPlan, renderScope } from "../core/report/render-plan.ts";
import { renderTerminal } from "../core/report/render-terminal.ts";
import type { RunReport } from "../core/report/run-report.ts";
import { filterPlan } from "../core/suite/filter-plan.ts";
import type { SuitePlan } from "../core/suite/suite.ts";
import { shortSha } from "../core/text/short-sha.ts";
import type { Repository } from "../ports/repository.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { openCheckout } from "./open-checkout.ts";
import { openModels } from "./open-models.ts";
import { obstaclesOf, planChanged, planStanding, type RunPlan } from "./plan-run.ts";
import { reportProblems } from "./problems.ts";
import { noFiles, readArguments, readCount, readUsd } from "./read-arguments.ts";
import { fixtureProblems } from "./read-checkout.ts";
import { createProgressLine } from "./show-progress.ts";
import { prepareFile, writeOver } from "./write-file.ts";

const TRIALS_MAX = 100;

const HELP = `Runs fixtures on the agents of this checkout, as its files lie there, and says what holds.

Usage: incident-to-eval run [options]

  --filter TEXT    only the fixture with this id, or all whose id or path holds the text, or with
                   this tag or incident; may be given several times
  --changed BASE   what the gate would run for a pull request to BASE: the fixtures that protect what
                   changed since the merge base, each compared with the agent there
  --trials N       trials of a fixture               (default: gate.trials.pull_request)
  --max-cost USD   ends the run when this is spent   (default: gate.max_cost_usd)
  --json FILE      writes the result as JSON
  --junit FILE     writes the result as JUnit XML
  --dry-run        says what would run and why, and runs nothing

Environment: ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, JUDGE_MODEL, MODEL_CONCURRENCY

Exit codes: 0 nothing blocks, 1 a blocking fixture does not pass, 2 usage or configuration,
3 a blocking fixture could not be evaluated, or none could.
`;

const OPTIONS = {
  filter: { type: "string", multiple: true, default: [] as string[] },
  changed: { type: "string" },
  trials: { type: "string" },
  "max-cost": { type: "string" },
  json: { type: "string" },
  junit: { type: "string" },
  "dry-run": { type: "boolean", default: false },
} as const;

/** What the options ask for. */
interface RunOptions {
  readonly filter: readonly string[];
  readonly changed: string | undefined;
  readonly trials: number | undefined;
  readonly maxCostUsd: number | undefined;
  readonly json: string | undefined;
  readonly junit: string | undefined;
  readonly dryRun: boolean;
}

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const options = readOptions(args);
  const { repository } = await openCheckout(terminal);
  const today = dayOf(terminal.now());
  const whole =
    options.changed === undefined
      ? await planStanding(repository)
      : await planChanged(repository, options.changed, today);
  if (whole.kind === "unusable") return reportProblems(whole.problems, terminal);

  const plan = { ...whole, suite: filtered(whole.suite, options.filter) };
  const nothing = plan.suite.selected.length === 0;
  if (nothing && plan.baseline === undefined) return reportEmpty(plan.suite, terminal);
  const obstacles = obstaclesOf(plan);
  if (obstacles.length > 0) return reportProblems(obstacles, terminal);
  const details = planDetails(plan, options, terminal);
  if (options.dryRun) {
    terminal.print(renderPlan(plan.suite, details));
    return EXIT.held;
  }

  const models = openModels(terminal);
  if (models === undefined && !nothing) return reportNoKey(terminal);
  await prepareFiles(options, terminal);
  if (plan.baseline !== undefined) terminal.print(`${renderScope(plan.suite, details)}\n`);
  const report = await evaluate({ plan, options, repository, models, terminal });
  await writeFiles(report, options, terminal);
  terminal.print(renderTerminal(report, { colours: terminal.colours }));
  return decideExitCode(report);
}

function readOptions(args: readonly string[]): RunOptions {
  const { values, positionals } = readArguments("run", args, OPTIONS);
  noFiles("run", positionals);
  const { filter, changed, json, junit } = values;
  if (filter.includes("")) throw new UsageError("--filter takes a text, got an empty one");
  return {
    filter,
    changed,
    trials: readCount("trials", values.trials, TRIALS_MAX),
    maxCostUsd: readUsd("max-cost", values["max-cost"]),
    json,
    junit,
    dryRun: values["dry-run"],
  };
}

function filtered(suite: SuitePlan, names: readonly string[]): SuitePlan {
  const narrowed = filterPlan(suite, names);
  if (narrowed.kind === "filtered") return narrowed.plan;
  const lines = narrowed.names.map(({ name, nearest }) => {
    const hint = nearest.length === 0 ? "there is no fixture" : `the nearest are ${nearest.join(", ")}`;
    return `no fixture fits --filter ${JSON.stringify(name)}: ${hint}`;
  });
  throw new UsageError(lines.join("\n"));
}

/** Nothing to run is no success, unless the gate itself decided it. */
function reportEmpty(suite: SuitePlan, terminal: Terminal): ExitCode {
  if (suite.broken.length > 0) return reportProblems(fixtureProblems(suite), terminal);
  throw new UsageError(
    "nothing to run: there is no fixture under evals/; `incident-to-eval draft` and `incident-to-eval import` make some",
  );
}

function reportNoKey(terminal: Terminal): ExitCode {
  terminal.say(
    "incident-to-eval: the suite cannot run, since ANTHROPIC_API_KEY is not set; set it (and ANTHROPIC_BASE_URL for a gateway of your own) and run again\n",
  );
  return EXIT.undecided;
}

function planDetails(plan: RunPlan, options: RunOptions, { colours }: Terminal): PlanDetails {
  const against = plan.baseline === undefined ? undefined : baselineName(plan.baseline);
  return { against, trialsMax: options.trials ?? plan.config.gate.trials.pull_request, colours };
}

function baselineName({ branch, sha }: NonNullable<RunPlan["baseline"]>): string {
  return `${shortSha(sha)} (merge base with ${branch})`;
}

async function evaluate(parts: {
  readonly plan: RunPlan;
  readonly options: RunOptions;
  readonly repository: Repository;
  readonly models: Models | undefined;
  readonly terminal: Terminal;
}): Promise<RunReport> {
  const { plan, options, repository, models, terminal } = parts;
  const { config, suite, candidate, baseline } = plan;
  const progress = createProgressLine(terminal);
  const { findings } = await runPlanned({
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
    onProgress: async (done, total) => progress.show(done, total),
  }).finally(progress.clear);
  return {
    ...findings,
    head: { sha: undefined, branch: await branchOf(repository) },
    base: baseline === undefined ? undefined : { sha: baseline.sha, branch: baseline.branch },
  };
}

async function branchOf(repository: Repository): Promise<string> {
  const hasCommits = (await repository.fetchTip("HEAD")) !== undefined;
  return hasCommits ? (await repository.fetchDefaultTip()).branch : "a branch without commits";
}

async function prepareFiles({ json, junit }: RunOptions, { folder }: Terminal): Promise<void> {
  for (const path of [json, junit]) if (path !== undefined) await prepareFile(resolve(folder, path));
}

async function writeFiles(
  report: RunReport,
  { json, junit }: RunOptions,
  { folder }: Terminal,
): Promise<void> {
  if (json !== undefined) {
    await writeOver(resolve(folder, json), `${JSON.stringify(renderJson(report), null, 2)}\n`);
  }
  if (junit !== undefined) await writeOver(resolve(folder, junit), renderJunit(report));
}

/** Runs fixtures on the agent and says what holds. */
export const runCommand: Command = { help: HELP, run };
