/** How far a creation came that GitHub was asked for. */
export interface Creation {
  /** What GitHub calls it: an id, a number, a commit. Undefined while its answer is not known. */
  readonly created: string | undefined;
  /** Time since that was noted, by the store's clock: those of several workers may differ. */
  readonly ageMs: number;
  /** Counts how often it was asked for. */
  readonly asking: number;
  /** Digest of what we made it say last, where it says something and that is known. */
  readonly said: string | undefined;
}

/** Remembers what GitHub was asked to create, so that no lost answer and no lagging list has it created twice. */
export interface Creations {
  /** Reads how far a creation came, or undefined where it was never asked for. */
  fetchCreation(key: string): Promise<Creation | undefined>;
  /**
   * Notes, before it is done, that it is asked for; answers the count of this asking.
   *
   * `last` is what was read before. Where another attempt noted something since, nothing is noted and the answer
   * is undefined: of several attempts at the same time one may go on.
   */
  noteAsked(key: string, last: Creation | undefined): Promise<number | undefined>;
  /** Notes what GitHub calls it. */
  noteCreated(key: string, created: string): Promise<void>;
  /** Notes what GitHub let us make it say last, as a digest; nothing where it was never noted. */
  noteSaid(key: string, said: string): Promise<void>;
  /** Forgets an asking that GitHub refused; what was created or asked for again stays. */
  forgetAsked(key: string, asking: number): Promise<void>;
}

/** Forgets creations of long ago; what still stands is found in GitHub's lists. */
export interface CreationPruning {
  /** Removes what was noted before this time and answers how many. */
  pruneCreations(before: Date): Promise<number>;
}
