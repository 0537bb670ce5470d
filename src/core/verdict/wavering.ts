import type { Side } from "../trial/trial.ts";
import type { FixtureVerdict } from "./verdict.ts";

/** A fixture that came out both ways on so many commits wavers; on one it may be chance. */
const COMMITS_MIN = 2;

/** On how many commits a fixture was tried more than once, and on how many of them it came out both ways. */
export interface BothWays {
  readonly commits: number;
  readonly both: number;
}

/** How a fixture came out over the last runs, on the side that is judged and on the one that it is compared with. */
export interface Wavering {
  readonly fixtureId: string;
  readonly candidate: BothWays;
  readonly baseline: BothWays;
}

/** A quarantine that has come to its end: the fixture counts again. */
export interface EndedQuarantine {
  readonly fixture: string;
  readonly actor: string;
  /** The day in UTC, as `2026-04-18`: reports are kept as JSON. */
  readonly endedOn: string;
}

/** What is known of fixtures from earlier runs. */
export interface FixtureHistory {
  readonly wavering: readonly Wavering[];
  readonly endedQuarantines: readonly EndedQuarantine[];
}

/** How the trials of one side of a fixture came out in a run. */
export interface CountedSide {
  readonly fixtureId: string;
  readonly side: "candidate" | "baseline";
  readonly sha: string;
  readonly count: { readonly passed: number; readonly failed: number };
}

/**
 * Counts how trials came out, by fixture and side, for those fixtures that are the same on both sides.
 *
 * What was not run anew says nothing new, and neither does a trial that decided nothing.
 */
export function countSides(
  verdicts: readonly FixtureVerdict[],
  commits: { readonly head: string; readonly base: string },
): readonly CountedSide[] {
  return verdicts
    .filter(({ origin }) => origin === "unchanged")
    .flatMap(({ file, candidate, baseline }) => {
      const { id: fixtureId } = file.fixture;
      return [
        { fixtureId, side: "candidate" as const, sha: commits.head, count: countOf(candidate) },
        { fixtureId, side: "baseline" as const, sha: commits.base, count: countOf(baseline) },
      ];
    })
    .filter(({ count }) => count.passed + count.failed > 0);
}

/** Tells whether a fixture that should always pass wavers: on several commits it came out both ways. */
export function wavers({ candidate, baseline }: Wavering): boolean {
  return candidate.both + baseline.both >= COMMITS_MIN;
}

/** Tells whether an unstable fixture fails each time on a baseline that passed within the day: the world moved, not the agent. */
export function hasDrifted({
  candidate,
  baseline,
  earlier,
}: Pick<FixtureVerdict, "candidate" | "baseline" | "earlier">): boolean {
  return earlier?.outcome === "passed" && candidate.outcome === "failed" && baseline?.outcome === "failed";
}

function countOf(side: Side | undefined): CountedSide["count"] {
  const statuses = (side?.trials ?? [])
    .filter((trial) => trial.status !== "errored" && trial.kept?.reused !== true)
    .map(({ status }) => status);
  return {
    passed: statuses.filter((status) => status === "passed").length,
    failed: statuses.filter((status) => status === "failed").length,
  };
}
