import type { Config } from "../config/config.ts";
import type { SuitePlan } from "../suite/suite.ts";
import type { Conclusion, FixtureVerdict } from "./verdict.ts";

/** What both check runs conclude. */
export interface Conclusions {
  readonly blocking: Conclusion;
  readonly warning: Conclusion;
}

/** What one fixture does to the checks: nothing, a warning, an open question of the warning check, or a block. */
type Effect = "none" | "warns" | "open" | "blocks";

/** Decides both check runs; whatever a blocking fixture leaves undecided is a failure, and no average hides it. */
export function conclude(
  plan: Pick<SuitePlan, "broken">,
  verdicts: readonly FixtureVerdict[],
  config: Pick<Config, "gate">,
): Conclusions {
  const effects = verdicts.map(effectOf);
  const isBroken = plan.broken.some(({ brokenBy }) => brokenBy === "head");
  return {
    blocking: isBroken || effects.includes("blocks") ? "failure" : "success",
    warning: concludeWarning(effects, isBelowThreshold(verdicts, config.gate.thresholds.suite), config),
  };
}

/** Says what a fixture's verdict does, by its level and by what the verdict rests on. */
function effectOf(fixtureVerdict: FixtureVerdict): Effect {
  const level = levelOf(fixtureVerdict);
  if (level === "exploratory") return "none";
  switch (fixtureVerdict.verdict) {
    case "held":
    case "fixed":
    case "unresolved":
    case "reproduces":
      return "none";
    case "undecided":
    case "not_run":
      return level === "blocking" ? "blocks" : "open";
    case "regressed":
    case "still_broken":
      // Nobody has measured how often the judge is right, so it may warn and may not block.
      return level === "blocking" && !fixtureVerdict.candidate.judgedOnly ? "blocks" : "warns";
    case "unstable":
      if (level === "warning") return "none";
      return fixtureVerdict.candidate.judgedOnly ? "warns" : "blocks";
  }
}

/** An incident's fixture that the pull request brings without any sign that it ever failed cannot block yet. */
function levelOf({ file, origin, verdict }: FixtureVerdict): "blocking" | "warning" | "exploratory" {
  const { level, source } = file.fixture;
  const isUnproven =
    origin === "added" &&
    source?.kind === "incident" &&
    source.fails_on === undefined &&
    verdict !== "reproduces" &&
    verdict !== "fixed";
  return level === "blocking" && isUnproven ? "warning" : level;
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

/** Compares the share of fixtures that the candidate passes; what is undecided is not a pass, and a new fixture that reproduces its incident is meant to fail. */
function isBelowThreshold(verdicts: readonly FixtureVerdict[], threshold: number): boolean {
  const counted = verdicts.filter(
    ({ file, verdict }) => file.fixture.level !== "exploratory" && verdict !== "reproduces",
  );
  const passes = counted.filter(({ candidate }) => candidate.outcome === "passed").length;
  return counted.length > 0 && passes / counted.length < threshold;
}
