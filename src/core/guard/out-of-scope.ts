import type { ChangedFile } from "../change/change-type.ts";
import { watchedPlaces } from "../change/watched-places.ts";
import type { Config } from "../config/config.ts";
import { isRegular } from "../suite/readable.ts";
import type { Tree, TreeEntry } from "../suite/snapshot.ts";
import type { PathTest } from "../text/glob.ts";

/** A file of an agent that went to where no glob of any agent looks. */
export interface MovedFile {
  readonly path: string;
  readonly movedTo: string;
}

/** Two commits with the configuration that holds at each. */
export interface ScopeSides {
  readonly base: { readonly config: Config; readonly tree: Tree };
  readonly head: { readonly config: Config; readonly tree: Tree };
  readonly files: readonly ChangedFile[];
}

/** How much of its size a file may win or lose on its way and still be taken for the same. */
const SIZE_RATIO_MAX = 2;

/**
 * Finds files that an agent is made of and that a pull request moves to where their next change goes unseen.
 *
 * A file that goes and one that comes may be the same where content, name, or kind and size say so: this is
 * told without reading them, and what may be a move is taken for one.
 */
export function findMovedOutOfScope({ base, head, files }: ScopeSides): readonly MovedFile[] {
  const isWatchedBefore = watches(base.config);
  const isWatchedAfter = watches(head.config);
  const came = files
    .filter(({ path, kind }) => kind === "added" && !isWatchedBefore(path) && !isWatchedAfter(path))
    .flatMap(({ path }) => head.tree.entries.get(path) ?? []);
  return files
    .filter(({ path }) => isWatchedBefore(path) && hasGone(path, base.tree, head.tree))
    .flatMap(({ path }) => {
      const before = base.tree.entries.get(path);
      const after = head.tree.entries.get(path);
      // What stands there now is a link, and the text is somewhere else.
      if (after !== undefined) return [{ path, movedTo: path }];
      const found = before === undefined ? undefined : nearest(before, came);
      return found === undefined ? [] : [{ path, movedTo: found.path }];
    });
}

function hasGone(path: string, base: Tree, head: Tree): boolean {
  const before = base.entries.get(path);
  const after = head.entries.get(path);
  return before !== undefined && isRegular(before) && (after === undefined || !isRegular(after));
}

function nearest(gone: TreeEntry, came: readonly TreeEntry[]): TreeEntry | undefined {
  return (
    came.find(({ sha }) => sha === gone.sha) ??
    came.find(({ path }) => nameOf(path) === nameOf(gone.path)) ??
    came.find((entry) => kindOf(entry.path) === kindOf(gone.path) && isOfLikeSize(entry, gone))
  );
}

function isOfLikeSize(one: TreeEntry, other: TreeEntry): boolean {
  const [small, large] = one.size < other.size ? [one.size, other.size] : [other.size, one.size];
  return large <= small * SIZE_RATIO_MAX;
}

function nameOf(path: string): string {
  // Some file systems do not tell letters by their case.
  return path.slice(path.lastIndexOf("/") + 1).toLowerCase();
}

function kindOf(path: string): string {
  const name = nameOf(path);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot);
}

function watches(config: Config): PathTest {
  const places = Object.values(config.agents).flatMap((agent) => watchedPlaces(agent));
  return (path) =>
    places.some((place) => (place.kind !== "keys" ? place.matches(path) : place.file === path));
}
