/** One thing that keeps a check from being green. */
export interface Ground {
  /** Names it in the same words in every run on a commit, such as `fixture asks-first`. */
  readonly on: string;
  /** What it came to, such as `regressed`. */
  readonly says: string;
  /**
   * Somebody who may override can accept it: what the agent does, or that we could not find out. What nobody can
   * read, a head that nobody let run, and a gate that is weakened are mended or approved instead.
   */
  readonly acceptable: boolean;
}
