/** Looks up commits that people name. */
export interface Commits {
  /** Answers the full id of the commit that a commit id (also shortened), branch or tag means, or undefined where there is none. */
  fetchCommit(name: string): Promise<string | undefined>;
}
