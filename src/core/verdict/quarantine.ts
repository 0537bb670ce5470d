import type { FixtureVerdict } from "./verdict.ts";

/** An owner lists a fixture instead of letting it block, while it is unstable. */
export interface Quarantine {
  readonly fixture: string;
  readonly actor: string;
  readonly reason: string;
  readonly expiresAt: Date;
}

/**
 * Turns what an unstable fixture does to the checks into something that is only listed, where it is in quarantine.
 *
 * Any other verdict stays: a quarantine says that the result changes by chance, not that it may be bad.
 */
export function listQuarantined(verdict: FixtureVerdict, quarantines: readonly Quarantine[]): FixtureVerdict {
  if (verdict.verdict !== "unstable") return verdict;
  const quarantine = quarantines.find(({ fixture }) => fixture === verdict.file.fixture.id);
  if (quarantine === undefined) return verdict;
  const { actor, reason, expiresAt } = quarantine;
  const until = expiresAt.toISOString().slice(0, 10);
  return {
    ...verdict,
    verdict: "quarantined",
    because: `@${actor} put the fixture in quarantine until ${until} (${reason}), so it is listed only. ${verdict.because}`,
    weight: { ...verdict.weight, effect: "none" },
  };
}
