import type { FixtureFile } from "../fixture/fixture.ts";
import type { Side } from "../trial/trial.ts";

/** What baseline and candidate together say of one fixture. */
export const VERDICTS = [
  "held",
  "regressed",
  "fixed",
  "unresolved",
  "still_broken",
  "unstable",
  "undecided",
  "reproduces",
  "not_run",
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Where a fixture of a suite came from. */
export type Origin =
  /** Same in base and head. */
  | "unchanged"
  /** The head's version of a fixture that the pull request changes or adds. */
  | "added"
  | "changed"
  /** The base's version of a fixture that the pull request changes or removes: it still runs. */
  | "base_version"
  | "removed";

/** One fixture of a suite with what it came to. */
export interface FixtureVerdict {
  readonly file: FixtureFile;
  readonly origin: Origin;
  readonly verdict: Verdict;
  /** One sentence: why this verdict, and what was not decided. */
  readonly because: string;
  readonly candidate: Side;
  readonly baseline: Side | undefined;
}

/** What a check run concludes. */
export type Conclusion = "success" | "failure" | "neutral" | "action_required" | "cancelled";
