import type { Tree, TreeEntry } from "./snapshot.ts";

/** Larger files are never read: none of ours is that large, and a pull request can hold anything. */
export const TEXT_BYTES_MAX = 1024 * 1024;

const REGULAR_MODES: readonly string[] = ["100644", "100755"];

/** Tells ordinary files from links and submodules, whose content is a path or a commit and not text. */
export function isRegular(entry: TreeEntry): boolean {
  return REGULAR_MODES.includes(entry.mode);
}

/** The entries of a commit among these paths that may be read: ordinary files of at most 1 MB, each once. */
export function readableEntries(tree: Tree, paths: readonly string[]): readonly TreeEntry[] {
  return [...new Set(paths)].flatMap((path) => {
    const entry = tree.entries.get(path);
    return entry !== undefined && isRegular(entry) && entry.size <= TEXT_BYTES_MAX ? [entry] : [];
  });
}
