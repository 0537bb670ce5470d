import { execFile } from "node:child_process";
import { lstat, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Tree, TreeEntry } from "../../core/suite/snapshot.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import type { Repository, Tip } from "../../ports/repository.ts";

/** Names the files as they lie in the folder, committed or not. */
export const WORKING_TREE = "working-tree";

const FILES_MAX = 200_000;
const FILE_BYTES_MAX = 1_000_000;
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;

/** Reads a checkout on this machine: its commits through git, and its working tree from the disk. */
export function createCheckoutRepository(folder: string): Repository {
  return {
    async fetchDefaultTip(): Promise<Tip> {
      const sha = (await git(folder, ["rev-parse", "HEAD"])).trim();
      const branch = (await git(folder, ["rev-parse", "--abbrev-ref", "HEAD"])).trim();
      return { branch, sha };
    },

    async fetchTip(branch) {
      const sha = await git(folder, [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        `${branch}^{commit}`,
      ]).catch(() => "");
      return sha === "" ? undefined : { branch, sha: sha.trim() };
    },

    fetchTree: (commit) => (commit === WORKING_TREE ? workingTree(folder) : committedTree(folder, commit)),

    async fetchTexts(entries) {
      const texts = new Map<string, string>();
      for (const entry of entries) texts.set(entry.sha, await readText(folder, entry));
      return texts;
    },

    async fetchMergeBase(base, head) {
      const other = head === WORKING_TREE ? "HEAD" : head;
      return (await git(folder, ["merge-base", "--end-of-options", base, other])).trim();
    },
  };
}

async function committedTree(folder: string, commit: string): Promise<Tree> {
  const listed = await git(folder, ["ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", commit]);
  const entries = listed
    .split("\0")
    .filter((line) => line !== "")
    .map(readTreeLine);
  return treeOf(commit, entries);
}

/** One line of `git ls-tree -l`: mode, type, object, size, then a tab and the path. */
function readTreeLine(line: string): TreeEntry {
  const tab = line.indexOf("\t");
  const [mode = "", , sha = "", size = "0"] = line.slice(0, tab).split(/ +/u);
  return { path: line.slice(tab + 1), sha, mode, size: Number(size) || 0 };
}

async function workingTree(folder: string): Promise<Tree> {
  const listed = await git(folder, ["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
  const paths = [...new Set(listed.split("\0").filter((path) => path !== ""))];
  const entries = await Promise.all(paths.slice(0, FILES_MAX + 1).map((path) => entryOnDisk(folder, path)));
  return treeOf(
    WORKING_TREE,
    entries.filter((entry) => entry !== undefined),
  );
}

async function entryOnDisk(folder: string, path: string): Promise<TreeEntry | undefined> {
  const stats = await lstat(join(folder, path)).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return undefined;
  return {
    path,
    sha: `${WORKING_TREE}:${path}`,
    mode: stats.isSymbolicLink() ? "120000" : "100644",
    size: stats.size,
  };
}

function treeOf(commit: string, entries: readonly TreeEntry[]): Tree {
  const kept = entries.slice(0, FILES_MAX);
  return {
    commit,
    entries: new Map(kept.map((entry) => [entry.path, entry])),
    truncated: entries.length > FILES_MAX,
  };
}

async function readText(folder: string, entry: TreeEntry): Promise<string> {
  if (entry.size > FILE_BYTES_MAX) {
    throw new ExternalFailure(`${entry.path} is larger than ${FILE_BYTES_MAX} bytes`, {
      system: "git",
      retryable: false,
    });
  }
  if (entry.sha.startsWith(`${WORKING_TREE}:`)) return await readFile(join(folder, entry.path), "utf8");
  return await git(folder, ["cat-file", "blob", entry.sha]);
}

function git(folder: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile("git", ["-C", folder, ...args], { maxBuffer: OUTPUT_BYTES_MAX }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else {
        const said = stderr.trim().split("\n")[0] ?? "";
        const message = `git could not ${args[0]} in ${folder}: ${said}`;
        reject(new ExternalFailure(message, { system: "git", retryable: false, cause: error }));
      }
    });
  });
}
