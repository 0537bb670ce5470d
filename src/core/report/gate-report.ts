import type { Problem } from "../problem.ts";
import type { SuiteRun } from "../suite/run-suite.ts";
import type { SuitePlan } from "../suite/suite.ts";
import type { Conclusion, FixtureVerdict } from "../verdict/verdict.ts";

/** What a finished run of the gate has to say; check runs and the terminal are renderings of it. */
export interface GateReport {
  readonly repo: string;
  readonly pullRequest: number | undefined;
  readonly head: { readonly sha: string; readonly branch: string };
  /** The commit whose agent is the baseline. */
  readonly base: { readonly sha: string; readonly branch: string };
  readonly plan: SuitePlan;
  readonly verdicts: readonly FixtureVerdict[];
  readonly conclusions: { readonly blocking: Conclusion; readonly warning: Conclusion };
  readonly trials: number;
  readonly costUsd: number;
  /** Models without a known price: the cost is a lower bound. */
  readonly unpricedModels: readonly string[];
  readonly durationMs: number;
  /** Why the run ended before every fixture was decided, where it did. */
  readonly stopped?: SuiteRun["stopped"];
}

/** Why a run of the gate could not even begin or did not finish; both checks fail and say who must act. */
export type GateObstacle =
  /** The configuration at this commit cannot be used. */
  | {
      readonly kind: "configuration";
      readonly path: string;
      readonly at: "default_branch" | "head";
      readonly problems: readonly Problem[];
    }
  /** The agent at the head cannot be read: a missing prompt file, a tool manifest that is not JSON. */
  | { readonly kind: "agent"; readonly agent: string; readonly problems: readonly Problem[] }
  /** GitHub, the model provider or the store failed for good. */
  | { readonly kind: "outage"; readonly system: string; readonly message: string }
  | { readonly kind: "no_model_key" }
  | { readonly kind: "fork"; readonly owner: string }
  /** A fault of ours. */
  | { readonly kind: "fault"; readonly reference: string };
