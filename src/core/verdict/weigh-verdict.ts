import type { Level } from "../incident/taxonomy.ts";
import type { Effect, FixtureVerdict, Verdict, Weight } from "./verdict.ts";

/**
 * Decides what a verdict does to the checks, by the level of its fixture and by what it rests on.
 *
 * Three things may warn only, whatever the fixture's level: what a judge alone says or leaves open, unless
 * its calibration lets it block, an incident's new fixture that nobody has seen fail, and a fixture that has
 * expired.
 */
export function weighVerdict(unweighed: Omit<FixtureVerdict, "weight">, judgeMayBlock = false): Weight {
  const { level } = unweighed.file.fixture;
  const restsOnJudge = !isPass(unweighed.verdict) && unweighed.candidate.judgedOnly;
  const unproven = level === "blocking" && isUnproven(unweighed);
  const isExpired = unweighed.expiredOn !== undefined;
  const countedAs =
    level === "blocking" && ((restsOnJudge && !judgeMayBlock) || unproven || isExpired) ? "warning" : level;
  return {
    countedAs,
    effect: effectOf(unweighed.verdict, level, countedAs),
    restsOnJudge,
    isUnproven: unproven,
  };
}

function effectOf(verdict: Verdict, level: Level, countedAs: Level): Effect {
  if (countedAs === "exploratory") return "none";
  const isBlocking = countedAs === "blocking";
  switch (verdict) {
    case "held":
    case "fixed":
    case "unresolved":
    case "reproduces":
    case "accepted":
    case "quarantined":
      return "none";
    case "undecided":
    case "not_run":
      return isBlocking ? "blocks" : "open";
    case "regressed":
    case "still_broken":
      return isBlocking ? "blocks" : "warns";
    case "unstable":
      if (level === "warning") return "none";
      return isBlocking ? "blocks" : "warns";
  }
}

function isPass(verdict: Verdict): boolean {
  return verdict === "held" || verdict === "fixed";
}

/** An incident's fixture that the pull request brings without any sign that it ever failed. */
function isUnproven({ file, origin, verdict }: Omit<FixtureVerdict, "weight">): boolean {
  const { source } = file.fixture;
  return (
    origin === "added" &&
    source?.kind === "incident" &&
    source.fails_on === undefined &&
    verdict !== "reproduces" &&
    verdict !== "fixed"
  );
}
