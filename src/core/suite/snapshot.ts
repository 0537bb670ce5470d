/** One file in a commit's tree. */
export interface TreeEntry {
  readonly path: string;
  /** Git blob id of the content. */
  readonly sha: string;
  /** Git mode: 100644, 100755, 120000 (link), 160000 (submodule). */
  readonly mode: string;
  /** Bytes. */
  readonly size: number;
}

/** All files of a commit. */
export interface Tree {
  readonly commit: string;
  readonly entries: ReadonlyMap<string, TreeEntry>;
  /** Some files are missing from the list: scope cannot be told, so everything runs. */
  readonly truncated: boolean;
}

/** A commit with the content of the files that were asked for, by path. */
export interface Snapshot {
  readonly tree: Tree;
  readonly files: ReadonlyMap<string, string>;
}
