import type { Outcome } from "../trial/trial.ts";
import type { Origin, Verdict } from "./verdict.ts";

/** What a verdict is decided from. */
export interface Sides {
  readonly candidate: Outcome;
  /** Undefined where the baseline was not run. */
  readonly baseline: Outcome | undefined;
  /** What the same baseline came to before, where that is known and young enough to count. */
  readonly earlier?: Outcome | undefined;
  /** The fixture has passed on the default branch before. */
  readonly held: boolean;
  readonly origin: Origin;
}

/** Decides what baseline and candidate together say; a pass of the candidate is never made out of something undecided. */
export function decideVerdict({ candidate, baseline, earlier, held, origin }: Sides): Verdict {
  switch (candidate) {
    case "not_run":
      return "not_run";
    case "undecided":
      return "undecided";
    case "passed":
      return fails(baseline ?? earlier) ? "fixed" : "held";
    case "failed":
    case "flaky":
      if (!fails(baseline)) return "regressed";
      if (candidate === "flaky" && baseline === "flaky") return "unstable";
      // Nothing of the baseline changed since it passed, so its failure says nothing of the head's.
      if (earlier === "passed") return "unstable";
      // The pull request brings the fixture: that it fails on the base is what it is for.
      if (origin === "added" || origin === "changed") return "reproduces";
      if (baseline === "flaky") return "unstable";
      return held ? "still_broken" : "unresolved";
  }
}

function fails(outcome: Outcome | undefined): boolean {
  return outcome === "failed" || outcome === "flaky";
}
