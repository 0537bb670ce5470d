/** How the trials of one side came out in one run. */
export interface SideCount {
  readonly passed: number;
  readonly failed: number;
}

/** How the trials of a fixture came out in one run; trials that decided nothing are left out. */
export interface FixtureOutcome {
  readonly fixtureId: string;
  readonly side: "candidate" | "baseline";
  /** The commit whose agent was tried. */
  readonly sha: string;
  readonly count: SideCount;
}

/** On how many commits a fixture was tried more than once, and on how many of them it came out both ways. */
export interface Wavering {
  readonly fixtureId: string;
  readonly side: "candidate" | "baseline";
  readonly commits: number;
  readonly both: number;
}

/** Remembers how trials came out over runs, so that a fixture that wavers is known. */
export interface FixtureOutcomes {
  /** Notes what came out in a run; a run that is noted again replaces what it noted before. */
  saveOutcomes(repo: string, runId: string, outcomes: readonly FixtureOutcome[], at: Date): Promise<void>;
  /** Counts since a time how these fixtures came out; those that were never tried twice on a commit are left out. */
  searchWavering(repo: string, fixtureIds: readonly string[], since: Date): Promise<readonly Wavering[]>;
  /** Removes what was noted before this time and answers how many rows there were. */
  pruneOutcomes(before: Date): Promise<number>;
}
