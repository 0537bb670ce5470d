import type { Outcome, Side } from "../trial/trial.ts";

/** What the default branch's own run said of a fixture, where the baseline is the same in everything that counts. */
export interface EarlierSide {
  readonly outcome: Extract<Outcome, "passed" | "failed" | "flaky">;
  /** Trials that passed and that failed. */
  readonly passed: number;
  readonly failed: number;
  readonly at: Date;
}

/** After this time a result says nothing any more: providers change their models under the same name. */
const BELIEVED_MS = 24 * 60 * 60 * 1_000;

/** Reads what a side came to, where that was decided; undefined where nothing can rest on it. */
export function earlierSideOf(side: Side, at: Date): EarlierSide | undefined {
  const { outcome, trials } = side;
  if (outcome === "undecided" || outcome === "not_run") return undefined;
  const count = (status: "passed" | "failed") => trials.filter((trial) => trial.status === status).length;
  return { outcome, passed: count("passed"), failed: count("failed"), at };
}

/** Tells whether an earlier result is young enough to be a baseline. */
export function isBelieved({ at }: Pick<EarlierSide, "at">, now: Date): boolean {
  return now.getTime() - at.getTime() < BELIEVED_MS;
}

/** Says what an earlier run came to: `passed 5 of 5 on 2026-11-21 at 09:00 UTC`. */
export function earlierWords({ outcome, passed, failed, at }: EarlierSide): string {
  const count = outcome === "passed" ? passed : failed;
  const [day, time = ""] = at.toISOString().split("T");
  return `${outcome === "passed" ? "passed" : "failed"} ${count} of ${passed + failed} on ${day} at ${time.slice(0, 5)} UTC`;
}
