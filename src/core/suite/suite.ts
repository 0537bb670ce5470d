import type { Change } from "../change/change-type.ts";
import type { FixtureFile } from "../fixture/fixture.ts";
import type { Problem } from "../problem.ts";
import type { Origin } from "../verdict/verdict.ts";

/** One fixture that runs, where its version came from, and why it was selected. */
export interface Selected {
  readonly file: FixtureFile;
  readonly origin: Origin;
  readonly because: string;
  /** Changes that it protects against, also those of an agent that can take over from its own. */
  readonly against?: readonly Change[];
  /** The day on which it expired; undefined where it has not. */
  readonly expiredOn?: string | undefined;
  /** The day by which somebody was to review it; undefined where that is to come, or nobody was. */
  readonly reviewDueOn?: string | undefined;
}

/** One fixture that does not run, and why. */
export interface LeftOut {
  readonly file: FixtureFile;
  readonly because: string;
}

/** A fixture file that nobody can run, with all that is wrong with it. */
export interface BrokenFixture {
  readonly path: string;
  readonly problems: readonly Problem[];
  /** The head breaks it; a file already broken on the base is listed and blocks nothing new. */
  readonly brokenBy: "head" | "base";
}

/** What a pull request runs: the answers to what changed, what it can affect, and what protects it. */
export interface SuitePlan {
  readonly changes: readonly Change[];
  readonly selected: readonly Selected[];
  readonly leftOut: readonly LeftOut[];
  readonly broken: readonly BrokenFixture[];
  /** Set where everything runs because a limit was reached or scope could not be told. */
  readonly everythingBecause: string | undefined;
}
