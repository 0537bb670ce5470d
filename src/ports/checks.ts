import type { CheckRun } from "../core/report/check-run.ts";

/** A check run of ours that GitHub holds. */
export interface PublishedCheck {
  readonly id: number;
  readonly name: string;
  readonly externalId: string;
  readonly completed: boolean;
}

/** Posts check runs. */
export interface Checks {
  /** Posts a new check run and answers its id; where one with the same name, commit and external id stands it is updated. */
  openCheck(check: CheckRun): Promise<number>;
  /** Brings a check run to this state, annotations in portions that GitHub takes. */
  updateCheck(id: number, check: CheckRun): Promise<void>;
  /** Lists our own check runs on a commit, newest first. */
  searchChecks(headSha: string): Promise<readonly PublishedCheck[]>;
}
