import type { Postmortem } from "./postmortem.ts";
import type { Level } from "./taxonomy.ts";
import type { Triage } from "./triage.ts";

/** What somebody decided of an incident against the table. */
export interface Overruling {
  readonly actor: string;
  readonly level: Level | "skip";
  readonly reason: string;
}

/** Gives an incident the weight that somebody decided; what the table would have said stays beside it. */
export function overruleTriage(automatic: Triage, { actor, level, reason }: Overruling): Triage {
  const overruled = {
    by: actor,
    row: automatic.row,
    because: automatic.because,
    instead: weightOf(automatic),
  };
  const decided = { row: "overruled", because: `Somebody who may decided so: ${reason}`, overruled };
  if (level === "skip") return { kind: "skip", ...decided };
  return { kind: "fixture", level, pair: automatic.kind === "fixture" && automatic.pair, ...decided };
}

/** Leaves an incident as the table weighs it, and says that somebody had decided otherwise on other facts. */
export function lapseOverruling(automatic: Triage, { actor, level }: Overruling): Triage {
  return { ...automatic, lapsed: { by: actor, level } };
}

/**
 * Gathers the facts that the table decides from, and what it decides, as one text.
 *
 * Somebody's decision stands while they stay the same, whatever else of an incident is worded anew.
 */
export function triageFacts(postmortem: Postmortem, automatic: Triage): string {
  const { severity, signal, failureTypes, failureTags, rootCauses, calls, toolsForbidden, fields } =
    postmortem;
  return JSON.stringify([
    severity ?? null,
    signal ?? null,
    failureTypes.toSorted(),
    failureTags.toSorted(),
    rootCauses.toSorted(),
    [...new Set(calls.map(({ tool }) => tool))].sort(),
    toolsForbidden.toSorted(),
    fields.recurrence?.text ?? "",
    fields.affected_users?.text ?? "",
    [weightOf(automatic), automatic.row],
  ]);
}

function weightOf(triage: Triage): Level | "skip" {
  return triage.kind === "fixture" ? triage.level : "skip";
}
