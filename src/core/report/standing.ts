import type { Trial } from "../trial/trial.ts";
import type { FixtureVerdict, Verdict } from "../verdict/verdict.ts";

/** What a verdict means to the one who reads it, worst first. */
export type Standing = "failing" | "undecided" | "listed" | "passing";

const STANDINGS: Readonly<Record<Verdict, Standing>> = {
  regressed: "failing",
  still_broken: "failing",
  unstable: "failing",
  undecided: "undecided",
  not_run: "undecided",
  unresolved: "listed",
  reproduces: "listed",
  accepted: "listed",
  quarantined: "listed",
  fixed: "passing",
  held: "passing",
};

const SEVEREST_FIRST = Object.keys(STANDINGS);

/** The verdicts in the words that people read. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  regressed: "regressed",
  still_broken: "still broken",
  unstable: "unstable",
  undecided: "undecided",
  not_run: "not run",
  unresolved: "unresolved",
  reproduces: "reproduces",
  accepted: "change approved",
  quarantined: "quarantined",
  fixed: "fixed",
  held: "held",
};

/** Says what a verdict means: whether something failed, is open, is only listed, or passes. */
export function standingOf({ verdict }: FixtureVerdict): Standing {
  return STANDINGS[verdict];
}

/** Sorts what needs attention to the top; what is alike keeps the order of the run. */
export function severestFirst(verdicts: readonly FixtureVerdict[]): readonly FixtureVerdict[] {
  return verdicts.toSorted((a, b) => SEVEREST_FIRST.indexOf(a.verdict) - SEVEREST_FIRST.indexOf(b.verdict));
}

/** Tells whether the fixture's file at the head is the one that ran, so that its lines can be pointed at. */
export function isAtHead({ origin }: FixtureVerdict): boolean {
  return origin === "unchanged" || origin === "added" || origin === "changed";
}

/** Picks the trial that shows best why a side did not pass: a failed one, else one that could not be decided. */
export function tellingTrial(trials: readonly Trial[]): Trial | undefined {
  return (
    trials.find((trial) => trial.status === "failed") ?? trials.find((trial) => trial.status !== "passed")
  );
}

/** Counts the trials for which no agent was run, as what it did before was graded. */
export function reusedTrials(verdicts: readonly FixtureVerdict[]): number {
  return verdicts
    .flatMap(({ candidate, baseline }) => [...candidate.trials, ...(baseline?.trials ?? [])])
    .filter((trial) => trial.status !== "errored" && trial.kept?.reused === true).length;
}
