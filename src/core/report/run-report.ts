import type { SuiteRun } from "../suite/run-suite.ts";
import type { SuitePlan } from "../suite/suite.ts";
import type { Conclusions } from "../verdict/conclude.ts";

/** What a run of a planned suite came to, whoever asked for it. */
export interface RunFindings extends Omit<SuiteRun, "outage"> {
  readonly plan: SuitePlan;
  readonly conclusions: Conclusions;
}

/** A finished run as the terminal and machines see it, with or without a baseline. */
export interface RunReport extends RunFindings {
  readonly repo?: string;
  readonly pullRequest?: number;
  /** Commit and branch that were judged; the sha is undefined for files that are not committed. */
  readonly head: { readonly sha: string | undefined; readonly branch: string };
  /** The commit whose agent is the baseline. */
  readonly base: { readonly sha: string; readonly branch: string } | undefined;
}
