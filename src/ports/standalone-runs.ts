import type { CheckRun } from "../core/report/check-run.ts";

/** What a run was made for that no pull request asked for, and what tells two of a kind apart. */
export interface Occasion {
  /** The repository in the form `owner/name`. */
  readonly repo: string;
  readonly kind: "merge_group" | "release" | "default_branch";
  /** The head of a merge group, the deployment of a release, the name of a branch. */
  readonly subject: string;
}

/** What a run came to, kept before anybody is told. */
export type RunAnswer =
  | { readonly kind: "checks"; readonly checks: readonly CheckRun[] }
  | {
      readonly kind: "release";
      readonly state: "approved" | "rejected";
      readonly comment: string;
      /** The whole report; none where there was nothing to report. */
      readonly check?: CheckRun | undefined;
    };

/** One run of the suite that no pull request asked for. */
export interface StandaloneRun extends Occasion {
  readonly id: string;
  readonly installationId: number;
  readonly headSha: string;
  readonly state: "running" | "completed" | "cancelled";
  /** The check runs on GitHub by name. */
  readonly checkRunIds: Readonly<Record<string, number>>;
  /** Undefined until it is decided. */
  readonly answer: RunAnswer | undefined;
  /** The queue's id of the job that it answers. */
  readonly jobId: string;
  /** The job that brings the run to its end, as plain JSON. */
  readonly job: unknown;
  /** What came of it, as plain JSON; null while it runs. */
  readonly result: unknown;
  /** How often people were told how far it is, where GitHub bounds that. */
  readonly reports: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Remembers runs that no pull request asked for, so that none is left open after a crash; one for each occasion. */
export interface StandaloneRuns {
  /** Reads the run of an occasion, or undefined where there was none. */
  fetchRun(occasion: Occasion): Promise<StandaloneRun | undefined>;
  /** Creates a run or replaces it; one that was cancelled stays so, and answers false. */
  saveRun(run: StandaloneRun): Promise<boolean>;
  /** Lists the runs that are not over, oldest first. */
  searchRunning(): Promise<readonly StandaloneRun[]>;
  /** Removes runs that were over before this time and answers how many. */
  pruneOver(before: Date): Promise<number>;
}
