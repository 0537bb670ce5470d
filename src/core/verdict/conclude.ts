import type { Config } from "../config/config.ts";
import type { SuitePlan } from "../suite/suite.ts";
import type { Conclusion, Effect, FixtureVerdict, Verdict } from "./verdict.ts";

/** What both check runs conclude. */
export interface Conclusions {
  readonly blocking: Conclusion;
  readonly warning: Conclusion;
}

/** Decides both check runs; whatever a blocking fixture leaves undecided is a failure, and no average hides it. */
export function conclude(
  plan: Pick<SuitePlan, "broken">,
  verdicts: readonly FixtureVerdict[],
  config: Pick<Config, "gate">,
): Conclusions {
  const effects = verdicts.map(({ weight }) => weight.effect);
  const isBroken = plan.broken.some(({ brokenBy }) => brokenBy === "head");
  return {
    blocking: isBroken || effects.includes("blocks") ? "failure" : "success",
    warning: concludeWarning(effects, isBelowThreshold(verdicts, config.gate.thresholds.suite), config),
  };
}

function concludeWarning(
  effects: readonly Effect[],
  isBelow: boolean,
  { gate }: Pick<Config, "gate">,
): Conclusion {
  if (effects.includes("open")) return "action_required";
  if (!isBelow && !effects.includes("warns")) return "success";
  return gate.warning === "require_override" ? "action_required" : "neutral";
}

/** A new fixture reproduces its incident; what a fixture asked for before its change was approved no longer counts. */
const MEANT_TO_FAIL: readonly Verdict[] = ["reproduces", "accepted", "quarantined"];

/** Compares the share of fixtures that the candidate passes; what is undecided is not a pass. */
function isBelowThreshold(verdicts: readonly FixtureVerdict[], threshold: number): boolean {
  const counted = verdicts.filter(
    ({ file, verdict }) => file.fixture.level !== "exploratory" && !MEANT_TO_FAIL.includes(verdict),
  );
  const passes = counted.filter(({ candidate }) => candidate.outcome === "passed").length;
  return counted.length > 0 && passes / counted.length < threshold;
}
