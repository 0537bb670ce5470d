import type { Side } from "../trial/trial.ts";
import { type EarlierSide, earlierWords } from "./earlier-side.ts";
import type { Verdict } from "./verdict.ts";

/** What an explanation is made from. */
export interface Explained {
  readonly verdict: Verdict;
  readonly candidate: Side;
  readonly baseline: Side | undefined;
  readonly earlier?: EarlierSide | undefined;
}

/** Says in one sentence why a fixture has its verdict, and what was not decided. */
export function explainVerdict({ verdict, candidate, baseline, earlier }: Explained): string {
  switch (verdict) {
    case "held":
      return `${passedText(candidate)}${heldBaseline(baseline, earlier)}.`;
    case "regressed":
      return `${failedText("The agent at the head", candidate)}; ${regressedBaseline(baseline)}${alsoEarlier(baseline, earlier)}.`;
    case "fixed":
      return baseline === undefined && earlier !== undefined
        ? `The agent at the base ${earlierWords(earlier)}, and at the head it passes.`
        : `${failedText("The agent at the base", baseline)}, and at the head it passes.`;
    case "unresolved":
      return `${bothFail(candidate, baseline)}; the fixture has never held on the default branch.`;
    case "still_broken":
      return `${bothFail(candidate, baseline)}, though the fixture has held on the default branch before.`;
    case "unstable":
    case "quarantined":
      return earlier?.outcome === "passed"
        ? `${bothFail(candidate, baseline)}, though the same baseline ${earlierWords(earlier)}: what stands behind the model may have changed, so this says nothing of this change.`
        : `${bothFail(candidate, baseline)}: the result changes from trial to trial, so it says nothing of this change.`;
    case "reproduces":
      return `${bothFail(candidate, baseline)}: the fixture shows the failure that it was written for.`;
    case "undecided":
      return `Could not evaluate the agent at the head: ${candidate.because ?? "no reason is known"}.`;
    case "accepted":
      return `${failedText("The agent at the head", candidate)}, measured by the fixture as it is on the base, whose change was approved.`;
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

function heldBaseline(baseline: Side | undefined, earlier: EarlierSide | undefined): string {
  if (baseline === undefined)
    return earlier === undefined ? "" : `; the one at the base ${earlierWords(earlier)}`;
  if (baseline.outcome === "passed") return ", and so does the one at the base";
  return `; the baseline could not be decided: ${baseline.because ?? "no reason is known"}`;
}

function regressedBaseline(baseline: Side | undefined): string {
  if (baseline === undefined) return "no baseline was run to compare it with";
  if (baseline.outcome === "passed") return `at the base it passes ${shareText(baseline, "passed")}`;
  return `the baseline could not be decided: ${baseline.because ?? "no reason is known"}`;
}

/** A baseline that ran in full before has to pass but once more. */
function alsoEarlier(baseline: Side | undefined, earlier: EarlierSide | undefined): string {
  if (baseline?.outcome !== "passed" || earlier === undefined) return "";
  return `, and ${earlierWords(earlier)}`;
}

function shareText({ trials }: Side, status: "passed" | "failed"): string {
  const graded = trials.filter((trial) => trial.status === "passed" || trial.status === "failed");
  const count = graded.filter((trial) => trial.status === status).length;
  return count === 1 && graded.length === 1 ? "its one trial" : `${count} of ${graded.length} trials`;
}
