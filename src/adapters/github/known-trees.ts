import type { Tree, TreeEntry } from "../../core/suite/snapshot.ts";

/** Files in all trees that are kept, some 250 bytes each where trees share nothing. */
const ENTRIES_MAX = 100_000;
/** Names of commits; what else can be asked for, such as a branch, moves. */
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** The trees of commits that were listed lately: a commit never changes, and is asked for by many jobs. */
export class KnownTrees {
  readonly #trees = new Map<string, Tree>();
  readonly #entriesMax: number;
  #entries = 0;

  constructor(entriesMax: number = ENTRIES_MAX) {
    this.#entriesMax = entriesMax;
  }

  /** The tree of a commit of a repository, where it is known. */
  find(repository: string, commit: string): Tree | undefined {
    const key = keyOf(repository, commit);
    const tree = this.#trees.get(key);
    if (tree === undefined) return undefined;
    // The order of a map is that of setting: what was asked for last goes last.
    this.#trees.delete(key);
    this.#trees.set(key, tree);
    return tree;
  }

  /** Keeps a tree, which shares with the last one of its repository what both hold; one that is cut is not kept. */
  keep(repository: string, tree: Tree): Tree {
    if (tree.truncated || tree.entries.size > this.#entriesMax || !COMMIT.test(tree.commit)) return tree;
    const shared = { ...tree, entries: sharedEntries(tree.entries, this.#lastOf(repository)) };
    this.#forget(keyOf(repository, tree.commit));
    this.#trees.set(keyOf(repository, tree.commit), shared);
    this.#entries += shared.entries.size;
    for (const key of this.#trees.keys()) {
      if (this.#entries <= this.#entriesMax) break;
      this.#forget(key);
    }
    return shared;
  }

  #lastOf(repository: string): Tree | undefined {
    const prefix = keyOf(repository, "");
    return [...this.#trees].findLast(([key]) => key.startsWith(prefix))?.[1];
  }

  #forget(key: string): void {
    this.#entries -= this.#trees.get(key)?.entries.size ?? 0;
    this.#trees.delete(key);
  }
}

function keyOf(repository: string, commit: string): string {
  return `${repository.toLowerCase()}@${commit}`;
}

function sharedEntries(
  entries: ReadonlyMap<string, TreeEntry>,
  last: Tree | undefined,
): ReadonlyMap<string, TreeEntry> {
  if (last === undefined) return entries;
  const shared = new Map<string, TreeEntry>();
  for (const [path, entry] of entries) {
    const before = last.entries.get(path);
    const isSame = before?.sha === entry.sha && before.mode === entry.mode && before.size === entry.size;
    const kept = isSame ? before : entry;
    shared.set(kept.path, kept);
  }
  return shared;
}
