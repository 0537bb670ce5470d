import { missingAgent } from "../agent/missing-agent.ts";
import { whyUnrunnable } from "../agent/outside.ts";
import { assertionsOf } from "../grading/assertions.ts";
import { nearestWord } from "../text/nearest-word.ts";
import { type RunTrial, runTrial, type TrialSetting } from "./run-trial.ts";
import { decideByTally, nextTrials, type StopRule, type Tally } from "./stopping.ts";
import type { Outcome, Side, Trial } from "./trial.ts";

/** How many trials of a side are repeated because the outside failed; the adapter has tried again on its own before. */
const REPEATS_MAX = 2;

/** A side to run. */
export interface SideSetting extends Omit<TrialSetting, "assertions"> {
  readonly trialsMax: number;
  /** `decide` stops as soon as the outcome is known; `measure` runs all the trials, for evidence. */
  readonly mode: "decide" | "measure";
  /** No decision rests on fewer trials than these; default 1. */
  readonly trialsMin?: number;
  /** Default runs the agent. */
  readonly runTrial?: RunTrial;
}

/** Runs the trials of one fixture on one agent and says what they come to. */
export async function runSide(setting: SideSetting): Promise<Side> {
  const { agents, fixture } = setting;
  const missing = missingAgent(agents, fixture.agent);
  if (missing !== undefined) {
    return unrunSide("undecided", missingText(missing, [...agents.keys()]));
  }
  const agent = agents.get(fixture.agent);
  const unrunnable = agent && whyUnrunnable(agent, setting.outside ?? {});
  if (unrunnable !== undefined) {
    return { ...unrunSide("undecided", unrunnable.because), todo: unrunnable.todo };
  }
  const rule: StopRule = { passRate: fixture.trials.pass_rate, trialsMax: setting.trialsMax };
  const asserting = { ...setting, assertions: assertionsOf(fixture) };
  const trials = setting.mode === "measure" ? await measure(asserting) : await decide(asserting, rule);
  return concludeSide(trials, rule, setting.mode);
}

function missingText(missing: string, known: readonly string[]): string {
  const near = nearestWord(missing, known);
  const hint = near === undefined ? "" : `; the nearest one is \`${near}\``;
  return `the agent \`${missing}\` does not exist or cannot be read at this commit${hint}`;
}

/** A side of which no trial was run, and why. */
export function unrunSide(outcome: "undecided" | "not_run", because: string): Side {
  return { outcome, trials: [], because, judgedOnly: false, costUsd: 0 };
}

function concludeSide(trials: readonly Trial[], rule: StopRule, mode: SideSetting["mode"]): Side {
  const outcome = outcomeOf(trials, rule, mode);
  const open = trials.find((trial) => trial.status === "ungraded" || trial.status === "errored");
  const costUsd = trials.reduce((sum, trial) => sum + ("costUsd" in trial ? (trial.costUsd ?? 0) : 0), 0);
  return {
    outcome,
    trials,
    ...(outcome === "undecided" ? { because: reasonOf(open) } : {}),
    judgedOnly: restsOnJudge(trials),
    costUsd,
  };
}

function outcomeOf(trials: readonly Trial[], rule: StopRule, mode: SideSetting["mode"]): Outcome {
  const tally = tallyOf(trials);
  const isComplete = tally.passed + tally.failed === trials.length;
  switch (decideByTally(tally, rule)) {
    case "passed":
      return isComplete ? "passed" : "undecided";
    case "failed":
      // Measured to the end at pass rate 1, a failure among passes is not the same as a failure each time.
      return mode === "measure" && rule.passRate === 1 && tally.passed > 0 ? "flaky" : "failed";
    case "open":
      return isComplete && tally.failed > 0 ? "flaky" : "undecided";
  }
}

/** A side to run, with what its trials are held against. */
type AssertingSide = SideSetting & TrialSetting;

async function measure(setting: AssertingSide): Promise<readonly Trial[]> {
  return await runTrials(setting, { from: 1, count: setting.trialsMax }, { left: REPEATS_MAX });
}

async function decide(setting: AssertingSide, rule: StopRule): Promise<readonly Trial[]> {
  const repeats = { left: REPEATS_MAX };
  let trials: readonly Trial[] = [];
  // A trial that could not be graded makes a pass impossible: more of them cost money and decide nothing.
  while (trials.every(({ status }) => status === "passed" || status === "failed")) {
    const next = Math.max(nextTrials(tallyOf(trials), rule), (setting.trialsMin ?? 1) - trials.length);
    if (next === 0) break;
    trials = [...trials, ...(await runTrials(setting, { from: trials.length + 1, count: next }, repeats))];
  }
  return trials;
}

async function runTrials(
  setting: AssertingSide,
  numbers: { readonly from: number; readonly count: number },
  repeats: { left: number },
): Promise<readonly Trial[]> {
  return await Promise.all(
    Array.from({ length: numbers.count }, (_, index) => runRepeated(setting, numbers.from + index, repeats)),
  );
}

async function runRepeated(
  setting: AssertingSide,
  number: number,
  repeats: { left: number },
): Promise<Trial> {
  const run = setting.runTrial ?? runTrial;
  let trial = await run(setting, number);
  while (trial.status === "errored" && trial.retryable && repeats.left > 0) {
    repeats.left -= 1;
    trial = await run(setting, number);
  }
  return trial;
}

function tallyOf(trials: readonly Trial[]): Tally {
  const count = (status: Trial["status"]) => trials.filter((trial) => trial.status === status).length;
  return { passed: count("passed"), failed: count("failed") };
}

function reasonOf(open: Trial | undefined): string {
  return open !== undefined && "because" in open ? open.because : "no trial was graded";
}

function restsOnJudge(trials: readonly Trial[]): boolean {
  const against = trials.filter(({ status }) => status !== "passed");
  return against.length > 0 && against.every(isJudgeAlone);
}

/** Tells whether nothing but a judge keeps a trial from being a pass. */
function isJudgeAlone(trial: Trial): boolean {
  if (trial.status === "errored" || trial.trajectory.gaps.length > 0) return false;
  const against = trial.grades.filter(({ grade }) => grade.kind !== "pass");
  return against.length > 0 && against.every(({ judged }) => judged);
}
