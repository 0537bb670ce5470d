import type { FixtureVerdict } from "./verdict.ts";

/**
 * Turns what the base's version of a changed fixture says against the head into something that is only listed, where
 * somebody who may agree to the change has done so: the behaviour is meant to change.
 *
 * `agreed` gives those fixtures by id, each with the one who agreed. What runs for another reason stays as it is.
 */
export function acceptChanges(
  verdicts: readonly FixtureVerdict[],
  agreed: ReadonlyMap<string, string>,
): readonly FixtureVerdict[] {
  return verdicts.map((verdict) => {
    const by = agreed.get(verdict.file.fixture.id);
    if (by === undefined || !isOfBase(verdict) || isPass(verdict)) return verdict;
    return {
      ...verdict,
      verdict: "accepted",
      because: `@${by} approved what this commit does to the fixture, so its version on the base is listed only. ${verdict.because}`,
      weight: { ...verdict.weight, effect: "none" },
    };
  });
}

function isOfBase({ origin }: FixtureVerdict): boolean {
  return origin === "base_version" || origin === "removed";
}

function isPass({ verdict }: FixtureVerdict): boolean {
  return verdict === "held" || verdict === "fixed";
}
