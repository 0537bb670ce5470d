import type { Agent } from "../../core/agent/agent.ts";
import type { Config } from "../../core/config/config.ts";
import type { RunFindings } from "../../core/report/run-report.ts";
import { runSuite, type SuiteSetting } from "../../core/suite/run-suite.ts";
import type { SuitePlan } from "../../core/suite/suite.ts";
import { pricesWith } from "../../core/trial/prices.ts";
import { conclude } from "../../core/verdict/conclude.ts";
import type { FixtureVerdict } from "../../core/verdict/verdict.ts";
import type { Models } from "./deps.ts";

/** How many fixtures are under way at a time, or as many as requests may be; those are limited for the whole process by the model itself. */
const FIXTURES_AT_A_TIME_MIN = 50;

/** A suite that is planned, with what running it needs beside its plan. */
export interface PlannedRun
  extends Pick<
    SuiteSetting,
    | "candidateAgents"
    | "held"
    | "earlierOf"
    | "judgeMayBlock"
    | "now"
    | "signal"
    | "isCurrent"
    | "onProgress"
    | "runTrial"
    | "watcher"
  > {
  readonly config: Config;
  readonly suite: SuitePlan;
  /** Undefined where the candidate is judged alone, with nothing to compare it with. */
  readonly baselineAgents: ReadonlyMap<string, Agent> | undefined;
  /** Undefined without a key; then nothing may be selected. */
  readonly models: Models | undefined;
  /** Default is `gate.trials.pull_request`. */
  readonly trialsMax?: number | undefined;
  /** Default is `gate.max_cost_usd`. */
  readonly maxCostUsd?: number | undefined;
  /** Weighs a verdict anew where another thing is at stake than a merge. */
  readonly weigh?: ((verdict: FixtureVerdict) => FixtureVerdict) | undefined;
}

/** Runs what is planned and concludes from it; throws the signal's reason where that ended the run. */
export async function runPlanned(
  planned: PlannedRun,
): Promise<{ readonly findings: RunFindings; readonly outage: boolean }> {
  const { config, suite, models, signal } = planned;
  const { gate } = config;
  const { outage, ...run } = await runSuite({
    ...planned,
    selected: suite.selected,
    trialsMax: planned.trialsMax ?? gate.trials.pull_request,
    concurrency: Math.max(FIXTURES_AT_A_TIME_MIN, models?.concurrency ?? 0),
    maxCostUsd: planned.maxCostUsd ?? gate.max_cost_usd,
    prices: pricesWith(gate.prices),
    askModel: models?.ask ?? askNobody,
    askJudge: models?.judgeWith(config.judge) ?? askNobody,
    outside: models?.outside ?? {},
  });
  signal.throwIfAborted();
  const verdicts = planned.weigh === undefined ? run.verdicts : run.verdicts.map(planned.weigh);
  const conclusions = conclude(suite, verdicts, config);
  return { findings: { ...run, verdicts, plan: suite, conclusions }, outage };
}

/** Stands where there is no key; the suite is empty then, or nobody would have begun. */
const askNobody = (): never => {
  throw new Error("a model was asked although there is no key");
};
