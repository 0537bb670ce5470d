import type { Agent } from "../agent/agent.ts";
import type { AskModel } from "../agent/chat.ts";
import { type OutsideAgents, wrapOutside } from "../agent/outside.ts";
import type { AskJudge } from "../grading/grader.ts";
import type { Prices } from "../trial/prices.ts";
import { unrunSide } from "../trial/run-side.ts";
import { type RunTrial, runTrial } from "../trial/run-trial.ts";
import { trialsMaxOf } from "../trial/stopping.ts";
import type { Trial } from "../trial/trial.ts";
import { concludeFixture, runComparison } from "../verdict/compare.ts";
import type { EarlierSide } from "../verdict/earlier-side.ts";
import type { FixtureVerdict } from "../verdict/verdict.ts";
import { byImportance } from "./importance.ts";
import { createMeter, type Meter, spentText } from "./meter.ts";
import type { Selected } from "./suite.ts";

/** Progress is shown to people, through an API that counts our requests: the longer a run takes, the less often. */
const PROGRESS_INTERVAL_MS = 2_000;
const PROGRESS_INTERVAL_MS_MAX = 60_000;

/** All that running a suite is given. */
export interface SuiteSetting {
  readonly selected: readonly Selected[];
  readonly candidateAgents: ReadonlyMap<string, Agent>;
  /** Undefined where the candidate is judged alone, with nothing to compare it with. */
  readonly baselineAgents: ReadonlyMap<string, Agent> | undefined;
  /** Ids of fixtures that have passed on the default branch before. */
  readonly held: ReadonlySet<string>;
  /** What the default branch's own run said of the same baseline within the last day; nothing is known where it is left out. */
  readonly earlierOf?: ((selected: Selected) => EarlierSide | undefined) | undefined;
  /** What a judge alone says may block; default is that it warns. */
  readonly judgeMayBlock?: boolean;
  /** Trials of a fixture that must always pass; one that asks for fewer gets fewer, one with a pass rate as many as that takes. */
  readonly trialsMax: number;
  /** Fixtures at a time; how many requests are under way is the model's own limit. */
  readonly concurrency: number;
  readonly maxCostUsd: number;
  readonly prices: Prices;
  readonly askModel: AskModel;
  readonly askJudge: AskJudge;
  /** The ways to agents that run elsewhere; default is none. */
  readonly outside?: OutsideAgents;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Ends the run from outside; what was not finished is not run. */
  readonly signal: AbortSignal;
  /** Tells whether the head still is the one to judge; asked before and after each request to a model, so it must be cheap. It has to answer, for what fails in a trial is laid at the trial. */
  readonly isCurrent: () => Promise<boolean>;
  /** Told how far the run is, after two seconds, then after twice as long each time, up to a minute; what it throws ends the run. */
  readonly onProgress: (done: number, total: number, spentUsd: number) => Promise<void>;
  /** Comes to a trial in another way than by running the agent. */
  readonly runTrial?: RunTrial;
  /** Told of everything at once; must not throw. */
  readonly watcher?: SuiteWatcher;
}

/** Watches a run closely, for people who wait beside it. */
export interface SuiteWatcher {
  readonly trialDone: (trial: Trial, spentUsd: number) => void;
  readonly fixtureDone: (verdict: FixtureVerdict, spentUsd: number) => void;
}

/** What running a suite came to. */
export interface SuiteRun {
  /** One for each selected fixture, in their order. */
  readonly verdicts: readonly FixtureVerdict[];
  /** Why the run ended early, if it did. */
  readonly stopped: "superseded" | "money" | "ended" | undefined;
  readonly trials: number;
  readonly costUsd: number;
  readonly unpricedModels: readonly string[];
  readonly durationMs: number;
  /** The outside failed in a way that another run may not meet. */
  readonly outage: boolean;
}

/** Runs the selected fixtures, what matters most first, and says for each what it came to; what could not be run is never a pass. */
export async function runSuite(setting: SuiteSetting): Promise<SuiteRun> {
  const startedMs = setting.now();
  const run = beginRun(setting);
  const verdicts = await runAll(setting, run);
  return {
    verdicts,
    stopped: run.stopped(),
    trials: verdicts.reduce((sum, verdict) => sum + trialsOf(verdict).length, 0),
    costUsd: run.meter.spentUsd(),
    unpricedModels: run.meter.unpricedModels(),
    durationMs: setting.now() - startedMs,
    outage: verdicts.some((verdict) =>
      trialsOf(verdict).some((trial) => trial.status === "errored" && trial.retryable),
    ),
  };
}

/** A run under way: what it may ask, what it spent, and whether it goes on. */
interface Run {
  readonly meter: Meter;
  readonly signal: AbortSignal;
  readonly askModel: AskModel;
  readonly askJudge: AskJudge;
  readonly outside: OutsideAgents;
  /** Stops the run where it is superseded. */
  readonly check: () => Promise<void>;
  readonly abandon: () => void;
  readonly stopped: () => SuiteRun["stopped"];
}

function beginRun(setting: SuiteSetting): Run {
  const stopper = new AbortController();
  const signal = AbortSignal.any([stopper.signal, setting.signal]);
  let stopped: SuiteRun["stopped"];
  let looking: Promise<void> | undefined;

  const stop = (why: "superseded" | "money", because: string) => {
    stopped ??= why;
    stopper.abort(new Error(because));
  };
  const meter = createMeter({
    prices: setting.prices,
    maxCostUsd: setting.maxCostUsd,
    onSpent: () => stop("money", spentText("run", setting.maxCostUsd)),
  });
  const look = async () => {
    if (!(await setting.isCurrent())) stop("superseded", "a newer head is there to judge");
  };
  const check = async () => {
    if (signal.aborted) return;
    // Those that ask at the same moment share one answer.
    looking ??= look().finally(() => {
      looking = undefined;
    });
    await looking;
  };
  const askModel = meter.metered(setting.askModel);
  const askJudge = meter.meteredJudge(setting.askJudge);
  return {
    meter,
    signal,
    askModel: async (request, callSignal) => {
      await check();
      const answer = await askModel(request, callSignal);
      // Others wait in line behind this request, and have looked long ago.
      await check();
      return answer;
    },
    askJudge: async (question, callSignal) => {
      await check();
      return await askJudge(question, callSignal);
    },
    outside: checked(meter.meteredOutside(setting.outside ?? {}), check),
    check,
    abandon: () => stopper.abort(new Error("the run was given up")),
    stopped: () => stopped ?? (setting.signal.aborted ? "ended" : undefined),
  };
}

/** Looks before each run of an agent whether it is still wanted. */
function checked(outside: OutsideAgents, check: () => Promise<void>): OutsideAgents {
  return wrapOutside(outside, (run) => async (agent, fixture, signal) => {
    await check();
    return await run(agent, fixture, signal);
  });
}

async function runAll(setting: SuiteSetting, run: Run): Promise<readonly FixtureVerdict[]> {
  const { selected } = setting;
  const queue = inOrder(selected);
  const verdicts = new Map<number, FixtureVerdict>();
  const report = progressReporter(setting, run.meter);
  const workers = Array.from({ length: Math.min(setting.concurrency, queue.length) }, async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const verdict = await runFixture(setting, run, next.selected);
      verdicts.set(next.index, verdict);
      setting.watcher?.fixtureDone(verdict, run.meter.spentUsd());
      await report(verdicts.size);
    }
  });
  try {
    await Promise.all(workers);
  } catch (error) {
    // A bug in one fixture ends the run; the others must not go on spending.
    run.abandon();
    throw error;
  }
  return selected.map((one, index) => verdicts.get(index) ?? notRun(one, run));
}

/** Lets one report at a time through, and each later after the one before. */
function progressReporter(
  { selected, now, onProgress }: SuiteSetting,
  meter: Meter,
): (done: number) => Promise<void> {
  let reportedMs = now();
  let intervalMs = PROGRESS_INTERVAL_MS;
  let isReporting = false;
  return async (done) => {
    if (isReporting || now() - reportedMs < intervalMs) return;
    isReporting = true;
    await onProgress(done, selected.length, meter.spentUsd());
    reportedMs = now();
    intervalMs = Math.min(intervalMs * 2, PROGRESS_INTERVAL_MS_MAX);
    isReporting = false;
  };
}

async function runFixture(setting: SuiteSetting, run: Run, selected: Selected): Promise<FixtureVerdict> {
  await run.check();
  if (run.signal.aborted) return notRun(selected, run);
  const { fixture } = selected.file;
  const { candidateAgents, baselineAgents, prices, now } = setting;
  const verdict = await runComparison({
    selected,
    candidateAgents,
    baselineAgents,
    held: setting.held.has(fixture.id),
    earlier: setting.earlierOf?.(selected),
    judgeMayBlock: setting.judgeMayBlock,
    trialsMax: trialsMaxOf(fixture.trials, setting.trialsMax),
    prices,
    now,
    askModel: run.askModel,
    askJudge: run.askJudge,
    outside: run.outside,
    signal: run.signal,
    runTrial: watchedTrial(setting, run),
  });
  return run.signal.aborted && isCutOff(verdict) ? notRun(selected, run) : verdict;
}

function watchedTrial({ runTrial: given = runTrial, watcher }: SuiteSetting, { meter }: Run): RunTrial {
  if (watcher === undefined) return given;
  return async (setting, number) => {
    const trial = await given(setting, number);
    watcher.trialDone(trial, meter.spentUsd());
    return trial;
  };
}

/** Tells whether a side of a verdict was left undecided, which in a run that was stopped means: not finished. */
function isCutOff({ candidate, baseline }: FixtureVerdict): boolean {
  return candidate.outcome === "undecided" || baseline?.outcome === "undecided";
}

function notRun(selected: Selected, run: Run): FixtureVerdict {
  const { reason } = run.signal;
  const because = reason instanceof Error ? reason.message : "the run was ended";
  return concludeFixture(selected, unrunSide("not_run", because), undefined, { held: false });
}

interface Queued {
  readonly index: number;
  readonly selected: Selected;
}

function inOrder(selected: readonly Selected[]): Queued[] {
  return selected
    .map((one, index) => ({ index, selected: one }))
    .sort((a, b) => byImportance(a.selected.file.fixture, b.selected.file.fixture));
}

function trialsOf({ candidate, baseline }: FixtureVerdict) {
  return [...candidate.trials, ...(baseline?.trials ?? [])];
}
