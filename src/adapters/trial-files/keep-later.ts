import type { StoredTrial } from "../../core/trial/stored-trial.ts";
import type { TrialFiles } from "./trial-files.ts";

/** A disk that is slower than the run is waited for once so many trials are on their way to it. */
const UNWRITTEN_MAX = 200;

/** Has nobody wait for the disk: what is on its way there is found as well, and is there when the store is closed. */
export function keepLater(store: TrialFiles): TrialFiles {
  const unwritten = new Map<string, StoredTrial>();
  const writing = new Set<Promise<void>>();
  const faults: unknown[] = [];
  const write = async (key: string, trial: StoredTrial): Promise<void> => {
    try {
      await store.keep(key, trial);
    } catch (fault) {
      faults.push(fault);
    }
    if (unwritten.get(key) === trial) unwritten.delete(key);
  };

  return {
    async find(key) {
      return unwritten.get(key) ?? (await store.find(key));
    },
    async keep(key, trial) {
      unwritten.set(key, trial);
      const one = write(key, trial);
      writing.add(one);
      const done = one.then(() => void writing.delete(one));
      if (writing.size > UNWRITTEN_MAX) await done;
    },
    async close() {
      const left = [...writing];
      await store.close();
      await Promise.all(left);
      if (faults.length > 0) throw faults[0];
    },
  };
}
