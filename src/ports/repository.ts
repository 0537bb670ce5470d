import type { Tree, TreeEntry } from "../core/suite/snapshot.ts";

/** A branch and the commit at its tip. */
export interface Tip {
  readonly branch: string;
  readonly sha: string;
}

/** Reads one repository at commits. Every method throws ExternalFailure where the repository cannot be read. */
export interface Repository {
  /** Names the default branch and its tip. */
  fetchDefaultTip(): Promise<Tip>;
  /** Names the tip of a branch, or undefined where there is no such branch. */
  fetchTip(branch: string): Promise<Tip | undefined>;
  /** Lists all files of a commit. */
  fetchTree(commit: string): Promise<Tree>;
  /** Reads the contents of files as UTF-8 text, by blob id; a blob that was read before is not fetched again. */
  fetchTexts(entries: readonly TreeEntry[]): Promise<ReadonlyMap<string, string>>;
  /** Finds the best common ancestor of two commits. */
  fetchMergeBase(base: string, head: string): Promise<string>;
}
