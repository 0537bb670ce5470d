import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";

/** Editors write a file in several steps, and git many files in one. */
const QUIET_MS = 150;
const IGNORED = /(^|\/)(\.git|node_modules|\.incident-to-eval)(\/|$)/;

/**
 * Calls when something changed in these folders of a checkout and then was quiet for a moment; `""` names the top
 * folder without what lies below it. Answers how to end it.
 */
export function watchFolders(top: string, folders: readonly string[], onQuiet: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const change = (path: string) => {
    if (IGNORED.test(path)) return;
    clearTimeout(timer);
    timer = setTimeout(onQuiet, QUIET_MS);
  };
  const watchers = folders.flatMap((folder) => watchOne(top, folder, change));
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}

/** A folder that is not there is none to watch; one that goes is told by the one above it. */
function watchOne(top: string, folder: string, change: (path: string) => void): readonly FSWatcher[] {
  try {
    const watcher = watch(join(top, folder), { recursive: folder !== "" }, (_, name) =>
      change(join(folder, name ?? "")),
    );
    watcher.on("error", () => watcher.close());
    return [watcher];
  } catch {
    return [];
  }
}
