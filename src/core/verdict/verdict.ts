import type { FixtureFile } from "../fixture/fixture.ts";
import type { Level } from "../incident/taxonomy.ts";
import type { Side } from "../trial/trial.ts";
import type { EarlierSide } from "./earlier-side.ts";

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
  /** The base's version of a fixture whose change somebody approved who may. */
  "accepted",
  /** An unstable fixture that its owner lists for a time. */
  "quarantined",
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

/** What one fixture does to the checks: nothing, a warning, an open question of the warning check, or a block. */
export type Effect = "none" | "warns" | "open" | "blocks";

/** What a verdict weighs in its run, decided once: conclusions and reports only read it. */
export interface Weight {
  /** The fixture's own level, unless what the verdict rests on may warn only. */
  readonly countedAs: Level;
  readonly effect: Effect;
  /** A judge alone speaks against the candidate, by its no or by its silence. */
  readonly restsOnJudge: boolean;
  /** A blocking fixture of an incident that the pull request adds and that nobody has seen fail. */
  readonly isUnproven: boolean;
}

/** One fixture of a suite with what it came to. */
export interface FixtureVerdict {
  readonly file: FixtureFile;
  readonly origin: Origin;
  readonly verdict: Verdict;
  /** One sentence: why this verdict, and what was not decided. */
  readonly because: string;
  readonly candidate: Side;
  readonly baseline: Side | undefined;
  /** What the default branch's own run said of the same baseline, where it was taken for one or contradicts it. */
  readonly earlier?: EarlierSide | undefined;
  /** The day on which the fixture expired; undefined where it has not. */
  readonly expiredOn?: string | undefined;
  /** The day by which somebody was to review the fixture; undefined where that is to come, or nobody was. */
  readonly reviewDueOn?: string | undefined;
  readonly weight: Weight;
}

/** What a check run concludes. */
export type Conclusion = "success" | "failure" | "neutral" | "action_required" | "cancelled";
