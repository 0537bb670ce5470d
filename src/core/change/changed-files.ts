import type { Tree, TreeEntry } from "../suite/snapshot.ts";
import type { ChangedFile } from "./change-type.ts";

/** Lists the files that differ between two commits, sorted by path; a rename is a removal and an addition. */
export function changedFiles(base: Tree, head: Tree): readonly ChangedFile[] {
  const files: ChangedFile[] = [];
  for (const [path, entry] of head.entries) {
    const before = base.entries.get(path);
    if (before === undefined) files.push({ path, kind: "added" });
    else if (differs(before, entry)) files.push({ path, kind: "modified" });
  }
  for (const path of base.entries.keys()) {
    if (!head.entries.has(path)) files.push({ path, kind: "removed" });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** A file that becomes a link changes too, even where its blob stays the same. */
function differs(before: TreeEntry, after: TreeEntry): boolean {
  return before.sha !== after.sha || before.mode !== after.mode;
}
