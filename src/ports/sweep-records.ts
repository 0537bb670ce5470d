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

/** A delivery that GitHub's log shows and that we do not have. */
export interface MissedDelivery {
  readonly deliveryId: string;
  /** GitHub's last attempt, by which it is asked for again. */
  readonly attemptId: string;
  /** How often it was asked for. */
  readonly times: number;
}

/** Tells which deliveries came in, and remembers the others until they have. */
export interface MissedDeliveries {
  /** Tells which of these deliveries are stored and did not fail with us, whatever GitHub thinks of them. */
  searchArrived(deliveryIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Notes deliveries that are to be asked for, as they are missed; how often that was done already stays known. */
  saveMissed(
    missed: readonly { readonly deliveryId: string; readonly attemptId: string }[],
    at: Date,
  ): Promise<void>;
  /** Lists those that have not come in yet, are due, and were asked for less often than so many times. */
  searchDue(
    now: Date,
    limits: { readonly times: number; readonly rows: number },
  ): Promise<readonly MissedDelivery[]>;
  /** Counts that a delivery was asked for, and when that is due again. */
  saveRequested(deliveryId: string, nextAt: Date): Promise<void>;
  /** Removes those that were missed before this time and answers how many. */
  pruneMissed(before: Date): Promise<number>;
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
  /** Takes along what was kept under a name after the repository had got another one: a job that was under way there wrote it. */
  gather(id: number, formerName: string): Promise<void>;
  /** Tells the number of the repository that has this name, or undefined where none is known to have it. */
  fetchId(name: string): Promise<number | undefined>;
  /** Lists the repositories of an installation that were named. */
  searchByInstallation(installationId: number): Promise<readonly NamedRepository[]>;
  /** Removes repositories that were not named since this time, with all that is kept of them, and answers how many. */
  pruneUnnamed(before: Date): Promise<number>;
}
