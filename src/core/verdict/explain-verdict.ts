import type { Side } from "../trial/trial.ts";
import type { Verdict } from "./verdict.ts";

/** What an explanation is made from. */
export interface Explained {
  readonly verdict: Verdict;
  readonly candidate: Side;
  readonly baseline: Side | undefined;
}

/** Says in one sentence why a fixture has its verdict, and what was not decided. */
export function explainVerdict({ verdict, candidate, baseline }: Explained): string {
  switch (verdict) {
    case "held":
      return `${passedText(candidate)}${heldBaseline(baseline)}.`;
    case "regressed":
      return `${failedText("The agent at the head", candidate)}; ${regressedBaseline(baseline)}.`;
    case "fixed":
      return `${failedText("The agent at the base", baseline)}, and at the head it passes.`;
    case "unresolved":
      return `${bothFail(candidate, baseline)}; the fixture has never held on the default branch.`;
    case "still_broken":
      return `${bothFail(candidate, baseline)}, though the fixture has held on the default branch before.`;
    case "unstable":
      return `${bothFail(candidate, baseline)}: the result changes from trial to trial, so it says nothing of this change.`;
    case "reproduces":
      return `${bothFail(candidate, baseline)}: the fixture shows the failure that it was written for.`;
    case "undecided":
      return `Could not evaluate the agent at the head: ${candidate.because ?? "no reason is known"}.`;
    case "not_run":
      return `Not run: ${candidate.because ?? "no reason is known"}.`;
  }
}

function passedText(side: Side): string {
  return `The agent at the head passes ${shareText(side, "passed")}`;
}

function failedText(who: string, side: Side | undefined): string {
  return side === undefined ? `${who} fails` : `${who} fails ${shareText(side, "failed")}`;
}

function bothFail(candidate: Side, baseline: Side | undefined): string {
  return `${failedText("The agent at the head", candidate)}, and at the base it fails${
    baseline === undefined ? "" : ` ${shareText(baseline, "failed")}`
  }`;
}

function heldBaseline(baseline: Side | undefined): string {
  if (baseline === undefined) return "";
  if (baseline.outcome === "passed") return ", and so does the one at the base";
  return `; the baseline could not be decided: ${baseline.because ?? "no reason is known"}`;
}

function regressedBaseline(baseline: Side | undefined): string {
  if (baseline === undefined) return "no baseline was run to compare it with";
  if (baseline.outcome === "passed") return `at the base it passes ${shareText(baseline, "passed")}`;
  return `the baseline could not be decided: ${baseline.because ?? "no reason is known"}`;
}

function shareText({ trials }: Side, status: "passed" | "failed"): string {
  const graded = trials.filter((trial) => trial.status === "passed" || trial.status === "failed");
  const count = graded.filter((trial) => trial.status === status).length;
  return count === 1 && graded.length === 1 ? "its one trial" : `${count} of ${graded.length} trials`;
}
