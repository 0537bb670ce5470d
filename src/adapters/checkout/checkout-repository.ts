import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tree, TreeEntry } from "../../core/suite/snapshot.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import type { Repository, Tip } from "../../ports/repository.ts";
import { askGit, runGit, splitNul } from "./run-git.ts";
import { listWorkingTree } from "./working-tree.ts";

/** Names the files as they lie in the folder, committed or not. */
export const WORKING_TREE = "working-tree";

const FILES_MAX = 200_000;
const FILE_BYTES_MAX = 1024 * 1024;
const BLOB_ID = /^[0-9a-f]{40,64}$/;

/** Finds the top folder of the checkout that a folder lies in, or undefined where it lies in none. */
export async function findCheckout(folder: string): Promise<string | undefined> {
  const top = await askGit(folder, ["rev-parse", "--show-toplevel"]).catch(() => "");
  return top === "" ? undefined : top.trimEnd();
}

/**
 * Reads a checkout on this machine, given its top folder: its commits through git, and its working tree from
 * the disk. The default branch is the one that is checked out.
 */
export function createCheckoutRepository(folder: string): Repository {
  const texts = new Map<string, string>();
  const pathsOnDisk = new Map<string, string>();

  return {
    async fetchDefaultTip(): Promise<Tip> {
      const printed = await askGit(folder, ["rev-parse", "HEAD", "--abbrev-ref", "HEAD"]);
      const [sha = "", branch = ""] = printed.trim().split("\n");
      return { branch, sha };
    },

    async fetchTip(branch) {
      const name = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${branch}^{commit}`];
      const sha = await askGit(folder, name).catch(() => "");
      return sha === "" ? undefined : { branch, sha: sha.trim() };
    },

    async fetchTree(commit) {
      if (commit !== WORKING_TREE) return await committedTree(folder, commit);
      const { entries, onDisk } = await listWorkingTree(folder);
      for (const [sha, path] of onDisk) pathsOnDisk.set(sha, path);
      return treeOf(commit, entries);
    },

    async fetchTexts(entries) {
      for (const entry of entries) refuseLarge(entry);
      const unread = new Set(entries.map(({ sha }) => sha).filter((sha) => !texts.has(sha)));
      for (const [sha, text] of await readFromDisk(folder, unread, pathsOnDisk)) texts.set(sha, text);
      const stored = [...unread].filter((sha) => BLOB_ID.test(sha) && !texts.has(sha));
      for (const [sha, text] of await readBlobs(folder, stored)) texts.set(sha, text);
      return new Map(entries.flatMap(({ sha }) => pair(sha, texts.get(sha))));
    },

    async fetchMergeBase(base, head) {
      const other = head === WORKING_TREE ? "HEAD" : head;
      const sha = await askGit(folder, ["merge-base", "--end-of-options", base, other]).catch(
        (cause: unknown) => {
          const message = `git found no common ancestor of ${base} and ${other}: the history may be cut off (\`git fetch --unshallow\` brings the rest)`;
          throw new ExternalFailure(message, { system: "git", retryable: false, cause });
        },
      );
      return sha.trim();
    },
  };
}

async function committedTree(folder: string, commit: string): Promise<Tree> {
  const args = ["ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", commit];
  return treeOf(commit, splitNul(await askGit(folder, args)).map(readTreeLine));
}

/** One line of `git ls-tree -l`: mode, type, object, size, then a tab and the path. */
function readTreeLine(line: string): TreeEntry {
  const tab = line.indexOf("\t");
  const [mode = "", , sha = "", size = "0"] = line.slice(0, tab).split(/ +/u);
  return { path: line.slice(tab + 1), sha, mode, size: Number(size) || 0 };
}

function treeOf(commit: string, entries: readonly TreeEntry[]): Tree {
  const kept = entries.slice(0, FILES_MAX);
  return {
    commit,
    entries: new Map(kept.map((entry) => [entry.path, entry])),
    truncated: entries.length > FILES_MAX,
  };
}

function refuseLarge({ path, size }: TreeEntry): void {
  if (size <= FILE_BYTES_MAX) return;
  const message = `${path} has ${size} bytes, and at most ${FILE_BYTES_MAX} can be read`;
  throw new ExternalFailure(message, { system: "git", retryable: false });
}

async function readFromDisk(
  folder: string,
  wanted: ReadonlySet<string>,
  pathsOnDisk: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const found = [...pathsOnDisk].filter(([sha]) => wanted.has(sha));
  return new Map(
    await Promise.all(
      found.map(async ([sha, path]) => [sha, await readFile(join(folder, path), "utf8")] as const),
    ),
  );
}

/** Reads any number of blobs through one process; one that the checkout does not hold is left out. */
async function readBlobs(folder: string, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  if (ids.length === 0) return texts;
  const printed = await runGit(folder, ["cat-file", "--batch"], ids.map((id) => `${id}\n`).join(""));
  let at = 0;
  for (const id of ids) {
    const lineEnd = printed.indexOf("\n", at);
    const [, kind, size] = printed.toString("utf8", at, lineEnd).split(" ");
    at = lineEnd + 1;
    if (kind === "missing") continue;
    const end = at + Number(size);
    if (kind === "blob") texts.set(id, printed.toString("utf8", at, end));
    at = end + 1;
  }
  return texts;
}

function pair(sha: string, text: string | undefined): readonly (readonly [string, string])[] {
  return text === undefined ? [] : [[sha, text]];
}
