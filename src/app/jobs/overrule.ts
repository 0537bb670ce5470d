import { lapseOverruling, overruleTriage } from "../../core/incident/overrule-triage.ts";
import type { TriageDecision } from "../../ports/decisions.ts";
import type { DraftDeps, JobDeps } from "./deps.ts";

/** A triage that somebody decides just now: what it rests on is known once the incident was read. */
export type Ruling = Omit<TriageDecision, "facts">;

/** Gives what overrules the triage of an incident: what somebody decides now, else what was decided last; undefined where nothing does. */
export async function overrulingOf(
  incident: { readonly repo: string; readonly issue: number; readonly ruling: Ruling | undefined },
  { decisions, digest }: Pick<JobDeps, "decisions" | "digest">,
): Promise<DraftDeps["overrule"]> {
  const { repo, issue, ruling } = incident;
  const isNew = ruling !== undefined && (await decisions.fetchDecision(repo, ruling.id)) === undefined;
  const standing = isNew ? undefined : await decisions.fetchTriage(repo, issue);
  if (isNew)
    return async (facts, automatic) => {
      // Noted before anything follows from it.
      await decisions.saveDecision({ ...ruling, facts: digest(facts) });
      return overruleTriage(automatic, ruling);
    };
  if (standing === undefined) return undefined;
  return async (facts, automatic) =>
    standing.facts === digest(facts)
      ? overruleTriage(automatic, standing)
      : lapseOverruling(automatic, standing);
}
