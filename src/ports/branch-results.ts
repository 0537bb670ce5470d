import type { EarlierSide } from "../core/verdict/earlier-side.ts";

/** What a fixture came to when it ran last on the default branch. */
export interface BranchResult extends EarlierSide {
  readonly fixtureId: string;
  /** Digest of all that decides what a trial comes to: the fixture, the agents that it reaches, the judge, our version. */
  readonly digest: string;
  /** The commit on which it ran. */
  readonly sha: string;
  /** The issue of the incident that the fixture comes from. */
  readonly issue: number | undefined;
  /** When it passed there first: from then on the incident is fixed, until it fails again. */
  readonly firstPassedAt: Date | undefined;
}

/** Remembers how the fixtures of a default branch stand: the approved baseline. */
export interface BranchResults {
  /** Lists the newest result of each fixture. */
  searchResults(repo: string): Promise<readonly BranchResult[]>;
  /** Replaces the results of these fixtures, unless what is known of one is newer. */
  saveResults(repo: string, results: readonly BranchResult[]): Promise<void>;
}
