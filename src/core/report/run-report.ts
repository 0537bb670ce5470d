import type { GateReport } from "./gate-report.ts";

/** A finished run as the terminal and machines see it: every gate report is one, and so is a run without a baseline. */
export interface RunReport
  extends Pick<
    GateReport,
    "plan" | "verdicts" | "conclusions" | "trials" | "costUsd" | "unpricedModels" | "durationMs"
  > {
  readonly repo?: string;
  readonly pullRequest?: number | undefined;
  /** Commit and branch that were judged; the sha is undefined for files that are not committed. */
  readonly head: { readonly sha: string | undefined; readonly branch: string };
  readonly base: GateReport["base"] | undefined;
}
