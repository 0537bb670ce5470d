/** How far a sweep has come. */
export interface SweepMark {
  /** What is swept, such as `deliveries` or `pull requests of 4711`. */
  readonly name: string;
  /** Everything up to here was looked at, by GitHub's clock; undefined while the first sweep is under way. */
  readonly sweptTo: Date | undefined;
  /** When it was last looked through as a whole. */
  readonly wholeAt: Date | undefined;
  /** A sweep that was too long for one job: where it goes on, and how far it has come once it is through. */
  readonly rest: { readonly from: string; readonly sweptTo: Date } | undefined;
  readonly updatedAt: Date;
}

/** Remembers how far sweeps have come, so that each looks at what is new. */
export interface SweepMarks {
  /** Reads a mark, or undefined where nothing was swept yet. */
  fetchMark(name: string): Promise<SweepMark | undefined>;
  /** Replaces a mark. */
  saveMark(mark: SweepMark): Promise<void>;
  /** Removes marks that were saved last before this time and answers how many. */
  pruneMarks(before: Date): Promise<number>;
}

/** How often a delivery was asked for again. */
export interface RedeliveryRequest {
  readonly deliveryId: string;
  readonly times: number;
  readonly lastAt: Date;
}

/** Tells which deliveries came in, and remembers which of the others were asked for. */
export interface Redeliveries {
  /** Tells which of these deliveries are stored and did not fail with us, whatever GitHub thinks of them. */
  searchArrived(deliveryIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Tells how often each of these was asked for; those that never were are missing from the answer. */
  searchRequested(deliveryIds: readonly string[]): Promise<readonly RedeliveryRequest[]>;
  /** Counts that a delivery is asked for once more. */
  saveRequested(deliveryId: string, at: Date): Promise<void>;
  /** Removes what was asked for last before this time and answers how many. */
  pruneRequested(before: Date): Promise<number>;
}

/** A repository and what it is called now. */
export interface NamedRepository {
  readonly id: number;
  readonly installationId: number;
  /** In the form `owner/name`. */
  readonly name: string;
  /** Another name under which it may be known where it was never named before. */
  readonly formerName?: string;
}

/** Remembers repositories by their id, so that what is kept under a name goes with them when they get another. */
export interface RepositoryNames {
  /**
   * Notes what repositories are called now. What was kept under the former name of one of them is kept under its
   * new one; what was kept there for a repository that had that name before is set aside until that one is named.
   */
  saveNames(named: readonly NamedRepository[], at: Date): Promise<void>;
  /** Lists the repositories of an installation that were named. */
  searchByInstallation(installationId: number): Promise<readonly NamedRepository[]>;
  /** Removes repositories that were not named since this time, with all that is kept of them, and answers how many. */
  pruneUnnamed(before: Date): Promise<number>;
}
