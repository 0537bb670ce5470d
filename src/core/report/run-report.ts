import type { Config } from "../config/config.ts";
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
  /** What of the configuration the conclusions rest on, so that parts of a suite can be concluded together. */
  readonly gate?: Pick<Config["gate"], "warning" | "thresholds">;
  /** Which part of a suite this is. */
  readonly shard?: Shard;
  /** Parts of the suite that are not in here. */
  readonly missingShards?: readonly number[];
}

/** One of the parts that a suite was cut into. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
  /** The same for all parts of one suite. */
  readonly suite: string;
}
