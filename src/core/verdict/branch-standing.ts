import type { FixtureFile } from "../fixture/fixture.ts";
import type { EarlierSide } from "./earlier-side.ts";

/** A fixture of an incident that stands otherwise on the default branch than it did before. */
export interface StandingChange {
  /** `fixed`: it passes there for the first time. `fails_again`: it passed there before and does not now. */
  readonly kind: "fixed" | "fails_again";
  readonly file: FixtureFile;
  /** The issue of the incident. */
  readonly issue: number;
  readonly result: EarlierSide;
}

/** What is known of a fixture on the default branch from before. */
export interface KnownStanding {
  readonly outcome: EarlierSide["outcome"] | undefined;
  /** It has passed there at least once. */
  readonly held: boolean;
}

/** Tells what a new result on the default branch means for the incident of its fixture; undefined where nothing is new. */
export function standingChange(
  file: FixtureFile,
  result: EarlierSide,
  known: KnownStanding,
): StandingChange | undefined {
  const { issue } = file.fixture;
  if (issue === undefined) return undefined;
  if (result.outcome === "passed") return known.held ? undefined : { kind: "fixed", file, issue, result };
  const failedBefore = known.outcome === "failed" || known.outcome === "flaky";
  return known.held && !failedBefore ? { kind: "fails_again", file, issue, result } : undefined;
}
