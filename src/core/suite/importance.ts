import type { Fixture } from "../fixture/fixture.ts";
import { LEVELS } from "../incident/taxonomy.ts";

/** Orders fixtures so that a run that is cut short has run what matters most: blocking first, of them the safety tier, then the heavier, then by id. */
export function byImportance(a: Fixture, b: Fixture): number {
  const byLevel = LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level);
  if (byLevel !== 0) return byLevel;
  const byTier = Number(b.tier === "safety") - Number(a.tier === "safety");
  if (byTier !== 0) return byTier;
  if (a.weight !== b.weight) return b.weight - a.weight;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return 0;
}
