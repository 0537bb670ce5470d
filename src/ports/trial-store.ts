import type { StoredTrial } from "../core/trial/stored-trial.ts";

/** Forgets trials. */
export interface TrialPruning {
  /** Removes what was kept before a time, and answers how many there were. */
  pruneTrials(before: Date): Promise<number>;
}

/** Keeps what agents did in trials. */
export interface TrialStore {
  /** Finds what was kept last under a key; undefined where there is nothing, or nothing that can be read. */
  find(key: string): Promise<StoredTrial | undefined>;
  /** Keeps a trial in place of one that has this key. What cannot be kept is lost, which costs a trial and nothing else. */
  keep(key: string, trial: StoredTrial): Promise<void>;
}
