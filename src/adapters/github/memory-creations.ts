import type { Creation, CreationPruning, Creations } from "../../ports/creations.ts";

interface Noted {
  readonly created: string | undefined;
  readonly asking: number;
  readonly atMs: number;
  readonly said: string | undefined;
}

/** Remembers what was created for the life of the process, for commands that have no store. */
export function memoryCreations(nowMs: () => number = Date.now): Creations & CreationPruning {
  const kept = new Map<string, Noted>();

  return {
    async fetchCreation(key): Promise<Creation | undefined> {
      const noted = kept.get(key);
      if (noted === undefined) return undefined;
      const { created, asking, atMs, said } = noted;
      return { created, asking, ageMs: Math.max(0, nowMs() - atMs), said };
    },

    async noteAsked(key, last) {
      const noted = kept.get(key);
      if (noted?.asking !== last?.asking || noted?.created !== last?.created) return undefined;
      const asking = (last?.asking ?? 0) + 1;
      kept.set(key, { created: undefined, asking, atMs: nowMs(), said: undefined });
      return asking;
    },

    async noteCreated(key, created) {
      const { asking = 1, said } = kept.get(key) ?? {};
      kept.set(key, { created, asking, atMs: nowMs(), said });
    },

    async noteSaid(key, said) {
      const noted = kept.get(key);
      if (noted !== undefined) kept.set(key, { ...noted, said });
    },

    async forgetAsked(key, asking) {
      const noted = kept.get(key);
      if (noted?.asking === asking && noted.created === undefined) kept.delete(key);
    },

    async pruneCreations(before) {
      const old = [...kept].filter(([, { atMs }]) => atMs < before.getTime());
      for (const [key] of old) kept.delete(key);
      return old.length;
    },
  };
}
