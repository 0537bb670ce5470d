import type { GradedAssertion } from "../grading/grader.ts";
import type { Trajectory } from "../trajectory/trajectory.ts";

/** Where a trial is kept, so that what the agent did need not be done again. */
export interface Kept {
  readonly key: string;
  /** The agent was not run: what it did in an earlier run was graded. */
  readonly reused: boolean;
}

/** One execution of the agent on a fixture, and what it came to. */
export type Trial =
  | {
      readonly status: "passed" | "failed";
      readonly trajectory: Trajectory;
      readonly grades: readonly GradedAssertion[];
      readonly costUsd: number | undefined;
      readonly kept?: Kept;
    }
  | {
      /** The agent ran and we could not decide: no recording, judge unavailable. */
      readonly status: "ungraded";
      readonly because: string;
      readonly trajectory: Trajectory;
      readonly grades: readonly GradedAssertion[];
      readonly costUsd: number | undefined;
      readonly kept?: Kept;
    }
  | {
      /** The agent could not be run: provider or network. */
      readonly status: "errored";
      readonly because: string;
      readonly retryable: boolean;
    };

/** What the trials of a fixture on one side came to. */
export type Outcome =
  | "passed"
  | "failed"
  /** Some passed and some failed. */
  | "flaky"
  /** Could not be decided: ungraded or errored trials without a decision. */
  | "undecided"
  /** Never started: money cap, superseded, or not in scope. */
  | "not_run";

/** The trials of one fixture on one side: baseline or candidate. */
export interface Side {
  readonly outcome: Outcome;
  readonly trials: readonly Trial[];
  /** Why it is undecided or was not run. */
  readonly because?: string;
  /** What somebody has to do before it can be run at all. */
  readonly todo?: string;
  /** Some trials did not pass, and a judge alone keeps them from it: by its no, or by its silence. */
  readonly judgedOnly: boolean;
  readonly costUsd: number;
}
