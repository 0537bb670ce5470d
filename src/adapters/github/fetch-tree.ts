import type { Tree, TreeEntry } from "../../core/suite/snapshot.ts";
import { readGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";

/** Calls that one listing may cost where GitHub cuts the recursive answer (100,000 entries or 7 MB). */
const TREE_CALLS_MAX = 300;
/** Files that one listing may hold; a repository beyond that is listed in part, and says so. */
const TREE_ENTRIES_MAX = 500_000;

interface Listed {
  readonly files: readonly TreeEntry[];
  readonly folders: readonly { readonly path: string; readonly sha: string }[];
  readonly truncated: boolean;
}

/**
 * Lists all files of a commit: one call where GitHub gives all of it.
 *
 * Where GitHub cuts the answer, folders are listed one by one, each recursively, down to where they fit; what
 * is left when the bounds are reached makes the tree `truncated`.
 */
export async function fetchTree(access: RepositoryAccess, commit: string): Promise<Tree> {
  const whole = await list(access, commit, "", "recursive");
  if (!whole.truncated) return { commit, entries: byPath(whole.files), truncated: false };

  const entries = new Map<string, TreeEntry>();
  const waiting: { path: string; sha: string; depth: "recursive" | "flat" }[] = [
    { path: "", sha: commit, depth: "flat" },
  ];
  for (let calls = 0; calls < TREE_CALLS_MAX && entries.size < TREE_ENTRIES_MAX; calls += 1) {
    const folder = waiting.shift();
    if (folder === undefined) return { commit, entries, truncated: false };
    const listed = await list(access, folder.sha, folder.path, folder.depth);
    if (listed.truncated && folder.depth === "recursive") {
      waiting.push({ ...folder, depth: "flat" });
      continue;
    }
    // A single folder that GitHub cuts cannot be listed in any smaller piece.
    if (listed.truncated) return { commit, entries: withFiles(entries, listed.files), truncated: true };
    for (const file of listed.files) entries.set(file.path, file);
    if (folder.depth === "flat") {
      waiting.push(...listed.folders.map((below) => ({ ...below, depth: "recursive" as const })));
    }
  }
  return { commit, entries, truncated: waiting.length > 0 };
}

async function list(
  access: RepositoryAccess,
  treeSha: string,
  prefix: string,
  depth: "recursive" | "flat",
): Promise<Listed> {
  const { client, owner, repo } = access;
  const place = prefix === "" ? treeSha : `${prefix} (${treeSha})`;
  const answer = await readGitHub(`list the files of ${place}`, () =>
    client.rest.git.getTree({
      owner,
      repo,
      tree_sha: treeSha,
      // GitHub lists recursively for any value of the parameter, even "0".
      ...(depth === "recursive" ? { recursive: "1" } : {}),
    }),
  );
  const pathOf = (path: string) => (prefix === "" ? path : `${prefix}/${path}`);
  return {
    files: answer.tree
      .filter((entry) => entry.type !== "tree")
      .map((entry) => ({
        path: pathOf(entry.path),
        sha: entry.sha,
        mode: entry.mode,
        size: entry.size ?? 0,
      })),
    folders: answer.tree
      .filter((entry) => entry.type === "tree")
      .map((entry) => ({ path: pathOf(entry.path), sha: entry.sha })),
    truncated: answer.truncated,
  };
}

function byPath(files: readonly TreeEntry[]): ReadonlyMap<string, TreeEntry> {
  return new Map(files.map((file) => [file.path, file]));
}

function withFiles(
  entries: ReadonlyMap<string, TreeEntry>,
  files: readonly TreeEntry[],
): ReadonlyMap<string, TreeEntry> {
  return new Map([...entries, ...byPath(files)]);
}
