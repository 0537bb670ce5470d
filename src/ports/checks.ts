import type { CheckRun } from "../core/report/check-run.ts";

/** Posts check runs. */
export interface Checks {
  /** Posts a new check run and answers its id; where one with the same name, commit and external id stands it is updated. */
  openCheck(check: CheckRun): Promise<number>;
  /** Brings a check run to this state, annotations in portions that GitHub takes. */
  updateCheck(id: number, check: CheckRun): Promise<void>;
}
