import { assertNever } from "../problem.ts";
import type { FixtureVerdict, Verdict } from "./verdict.ts";

/** Weighs a verdict for a release: a known failure that a pull request may leave as it found it holds a release up. */
export function weighForRelease(verdict: FixtureVerdict): FixtureVerdict {
  const { weight } = verdict;
  if (weight.effect !== "none" || !isKnownFailure(verdict.verdict)) return verdict;
  switch (weight.countedAs) {
    case "blocking":
      return { ...verdict, weight: { ...weight, effect: "blocks" } };
    case "warning":
      return { ...verdict, weight: { ...weight, effect: "warns" } };
    case "exploratory":
      return verdict;
    default:
      return assertNever(weight.countedAs);
  }
}

function isKnownFailure(verdict: Verdict): boolean {
  return verdict === "unresolved" || verdict === "reproduces";
}
