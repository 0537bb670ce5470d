import type { Provider } from "../agent/named-model.ts";
import type { Problem } from "../problem.ts";
import type { FixtureHistory } from "../verdict/wavering.ts";
import type { RunReport } from "./run-report.ts";

/** A finished run of the gate: both of its sides are commits. Check runs are renderings of it. */
export interface GateReport extends RunReport {
  readonly repo: string;
  readonly head: { readonly sha: string; readonly branch: string };
  readonly base: { readonly sha: string; readonly branch: string };
  /** What earlier runs tell of its fixtures. */
  readonly history?: FixtureHistory | undefined;
  /** Where all of it can be read, and the last day on which it can; undefined where nobody serves it. */
  readonly page?: { readonly url: string; readonly keptUntil: string } | undefined;
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
  /** None of the agents can be run without a key of these providers. */
  | { readonly kind: "no_model_key"; readonly providers?: readonly Provider[] }
  | { readonly kind: "fork"; readonly owner: string }
  /** A fault of ours. */
  | { readonly kind: "fault"; readonly reference: string };
