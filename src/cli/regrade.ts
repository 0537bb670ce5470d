import { runPlanned } from "../app/jobs/run-planned.ts";
import { regradeTrials } from "../app/kept-trials.ts";
import type { Agent } from "../core/agent/agent.ts";
import { decideExitCode } from "../core/report/exit-code.ts";
import { renderTerminal } from "../core/report/render-terminal.ts";
import { inputText } from "../core/trial/trial-key.ts";
import type { TrialStore } from "../ports/trial-store.ts";
import { chooseFixtures } from "./choose-fixtures.ts";
import { type Command, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { digest, keepingTrials } from "./keep-trials.ts";
import { type LastRun, readLastRun } from "./last-run.ts";
import { openCheckout } from "./open-checkout.ts";
import { openModels } from "./open-models.ts";
import { withKeptTrials } from "./own-folder.ts";
import { planStanding, type RunPlan } from "./plan-run.ts";
import { reportProblems } from "./problems.ts";
import { noFiles, readArguments } from "./read-arguments.ts";
import { prepareReports, REPORT_HELP, REPORT_OPTIONS, writeReports } from "./report-files.ts";
import { branchOf } from "./run-once.ts";
import { createProgress } from "./show-progress.ts";

const HELP = `Grades again what the agents did in the last run of each fixture, with the fixtures as they are now; no
agent is run. A judge is asked again only for a question that is new. A fixture whose messages, context or
recordings changed since, or that now needs more trials than there are, cannot be decided without a run.

Usage: incident-to-eval regrade [options]

  --filter TEXT    only the fixture with this id, or all whose id or path holds the text, or with
                   this tag or incident; may be given several times
${REPORT_HELP}

Environment: ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL, JUDGE_MODEL, for judges only

Examples
  incident-to-eval regrade                     after you changed what fixtures expect
  incident-to-eval regrade --filter refund

Exit codes: 0 nothing blocks, 1 a blocking fixture does not pass, 2 usage or configuration,
3 a blocking fixture could not be decided from what is kept, or none could.
`;

const OPTIONS = {
  filter: { type: "string", multiple: true, default: [] as string[] },
  ...REPORT_OPTIONS,
} as const;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments("regrade", args, OPTIONS);
  noFiles("regrade", positionals);
  const checkout = await openCheckout(terminal);
  const whole = await planStanding(checkout.repository);
  if (whole.kind === "unusable") return reportProblems(whole.problems, terminal);
  const last = await readLastRun(checkout.folder);
  if (last.size === 0) {
    throw new UsageError("nothing to grade again: no run is kept here; `incident-to-eval run` makes one");
  }
  const choice = { filter: values.filter, onlyFailed: false, shard: undefined, trialsMax: 1 };
  const only = values.filter.length === 0 ? new Set(last.keys()) : undefined;
  const suite = chooseFixtures(whole.suite, { ...choice, only }, last);
  await prepareReports(values, terminal);
  const plan = { ...whole, suite };
  const findings = await withKeptTrials(checkout.folder, terminal, (store) =>
    regrade(plan, last, checkout.folder, { terminal, store }),
  );
  const head = { sha: undefined, branch: await branchOf(checkout.repository) };
  const report = { ...findings, head, gate: whole.config.gate };
  await writeReports(report, values, terminal);
  terminal.print(renderTerminal(report, { colours: terminal.colours }));
  return decideExitCode(report);
}

/** The baseline of the last runs, where all of them had the same one. */
function baseOf(bases: readonly (LastResultBase | undefined)[]): NonNullable<LastResultBase> | undefined {
  const [first] = bases;
  return first != null && bases.every((base) => base?.sha === first.sha) ? first : undefined;
}

type LastResultBase = NonNullable<ReturnType<LastRun["get"]>>["base"];

async function regrade(
  plan: RunPlan,
  last: LastRun,
  folder: string,
  { terminal, store }: { readonly terminal: Terminal; readonly store: TrialStore },
) {
  const { config, suite, candidate } = plan;
  const base = baseOf(suite.selected.map(({ file }) => last.get(file.fixture.id)?.base));
  // The agents of the baseline are not looked at; that they are another map tells the sides apart.
  const baselineAgents = base === undefined ? undefined : new Map(candidate.agents);
  const progress = createProgress(suite.selected.length, terminal);
  const running = runPlanned({
    config,
    suite,
    candidateAgents: candidate.agents,
    baselineAgents,
    held: new Set(),
    models: openModels(terminal, folder) ?? NO_MODELS,
    now: terminal.elapsedMs,
    signal: terminal.signal,
    isCurrent: async () => true,
    onProgress: async () => undefined,
    runTrial: regradeTrials(keepingTrials(store, config, true, terminal), keyFinder(last, baselineAgents)),
    watcher: progress,
  });
  return { ...(await running.finally(progress.clear)).findings, base };
}

/** Finds the trial of a number on its side; none where the agent was given something else than it would be now. */
function keyFinder(
  last: LastRun,
  baselineAgents: ReadonlyMap<string, Agent> | undefined,
): Parameters<typeof regradeTrials>[1] {
  return ({ agents, fixture }, number) => {
    const result = last.get(fixture.id);
    if (result === undefined || result.input !== digest(inputText(fixture))) return undefined;
    const keys = agents === baselineAgents ? result.baseline : result.candidate;
    return keys?.[number - 1] ?? undefined;
  };
}

/** Agents are not run, and a judge that cannot be asked leaves its items open. */
const NO_MODELS: NonNullable<ReturnType<typeof openModels>> = {
  ask: () => {
    throw new Error("an agent was run although nothing but grading was asked for");
  },
  judgeWith: () => async () => ({ kind: "unavailable", because: "ANTHROPIC_API_KEY is not set" }),
  judgeModel: "",
  draftModel: "",
  providers: new Set(),
  outside: {},
};

/** Grades kept trials again. */
export const regradeCommand: Command = { help: HELP, options: OPTIONS, run };
