import { createHash } from "node:crypto";
import type { Tree, TreeEntry } from "../../src/core/suite/snapshot.ts";
import { anEntry, type OddFile } from "./snapshots.ts";

/** Files by path; a text is an ordinary file, undefined removes one. */
export type FileChanges = Readonly<Record<string, string | OddFile | undefined>>;

/** A commit as plain data. */
export interface FakeCommit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly author: string;
  readonly files: ReadonlyMap<string, string | OddFile>;
}

/** A git repository in memory: commits, and branches that point at them. */
export class FakeGit {
  readonly branches = new Map<string, string>();
  readonly #commits = new Map<string, FakeCommit>();
  readonly #texts = new Map<string, string>();

  /** Writes a commit on top of its parents, with the files of the first one and these changes. */
  write(parents: readonly string[], changes: FileChanges, author: string): string {
    const files = new Map(this.find(parents[0] ?? "")?.files);
    for (const [path, file] of Object.entries(changes)) {
      if (file === undefined) files.delete(path);
      else files.set(path, file);
    }
    for (const [path, file] of files) this.#texts.set(anEntry(path, file).sha, contentOf(file));
    const sha = sha1(`commit ${this.#commits.size}`);
    this.#commits.set(sha, { sha, parents, author, files });
    return sha;
  }

  /** Commits to a branch, which begins here where it is new. */
  commit(branch: string, changes: FileChanges, author: string): string {
    const tip = this.branches.get(branch);
    const sha = this.write(tip === undefined ? [] : [tip], changes, author);
    this.branches.set(branch, sha);
    return sha;
  }

  /** Merges a commit into a branch, what it changed since they parted. */
  merge(branch: string, head: string, author: string): string {
    const tip = this.branches.get(branch) ?? "";
    const since = this.find(this.mergeBase(tip, head) ?? "")?.files;
    const ahead = this.find(head)?.files ?? new Map();
    const changed = [...ahead].filter(([path, file]) => since?.get(path) !== file);
    const removed = [...(since?.keys() ?? [])].filter((path) => !ahead.has(path));
    const changes = Object.fromEntries([...removed.map((path) => [path, undefined]), ...changed]);
    const sha = this.write([tip, head], changes, author);
    this.branches.set(branch, sha);
    return sha;
  }

  /** Finds a commit by its id. */
  find(sha: string): FakeCommit | undefined {
    return this.#commits.get(sha);
  }

  /** Finds the commit that an id, also shortened, or a branch means. */
  resolve(name: string): string | undefined {
    const tip = this.branches.get(name);
    if (tip !== undefined) return tip;
    const isId = /^[0-9a-f]{7,40}$/.test(name);
    return isId ? [...this.#commits.keys()].find((sha) => sha.startsWith(name)) : undefined;
  }

  /** Lists the files of a commit. */
  tree(sha: string): Tree | undefined {
    const commit = this.find(sha);
    if (commit === undefined) return undefined;
    const entries = [...commit.files].map(([path, file]) => [path, anEntry(path, file)] as const);
    return { commit: sha, entries: new Map(entries), truncated: false };
  }

  /** Reads blobs by their ids. */
  texts(entries: readonly TreeEntry[]): ReadonlyMap<string, string> {
    return new Map(entries.map(({ sha }) => [sha, this.#texts.get(sha) ?? ""]));
  }

  /** Finds the nearest commit that both come from. */
  mergeBase(one: string, other: string): string | undefined {
    const known = new Set(this.#history(one));
    return this.#history(other).find((sha) => known.has(sha));
  }

  #history(from: string): readonly string[] {
    const found = new Set([from]);
    for (const sha of found) for (const parent of this.find(sha)?.parents ?? []) found.add(parent);
    return [...found];
  }
}

function contentOf(file: string | OddFile): string {
  return typeof file === "string" ? file : (file.content ?? "");
}

function sha1(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}
