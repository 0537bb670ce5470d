import type { StoredTrial } from "../../src/core/trial/stored-trial.ts";
import type { TrialStore } from "../../src/ports/trial-store.ts";

/** Trials that are kept in memory, with all of them to look at. */
export function makeMemoryTrials(): TrialStore & { readonly kept: Map<string, StoredTrial> } {
  const kept = new Map<string, StoredTrial>();
  return {
    kept,
    find: async (key) => kept.get(key),
    keep: async (key, trial) => void kept.set(key, trial),
  };
}
