import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { type FileContent, readContent } from "../../core/fixture/read-content.ts";
import { readStoredContent, writeStoredContent } from "../../core/fixture/stored-content.ts";
import { readableEntries } from "../../core/suite/readable.ts";
import type { Tree, TreeEntry } from "../../core/suite/snapshot.ts";
import type { KeptContents } from "../../ports/kept-contents.ts";
import type { Repository } from "../../ports/repository.ts";

const SHA1_LENGTH = 40;
/** Files that are read before they are kept: what was read stays, also where a later portion cannot be fetched. */
const PORTION = 500;
/** Files that are read while everything else in the process waits; each takes a millisecond or two. */
const READ_AT_ONCE = 25;

/** What was read for one job, by the id of the content: commits that hold the same hold one value of it. */
export type SharedContents = Map<string, FileContent>;

/** Reads what files of a commit say, by their paths; what was read before is neither fetched nor read again. */
export async function readContents(
  repository: Pick<Repository, "fetchTexts">,
  tree: Tree,
  paths: readonly string[],
  kept: KeptContents,
  shared: SharedContents = new Map(),
): Promise<ReadonlyMap<string, FileContent>> {
  const entries = readableEntries(tree, paths);
  const isNew = ({ sha }: TreeEntry): boolean => !shared.has(sha);
  for (const [sha, content] of await findKept(kept, entries.filter(isNew))) shared.set(sha, content);
  for (const [sha, content] of await readNew(repository, entries.filter(isNew), kept))
    shared.set(sha, content);
  const contents = new Map<string, FileContent>();
  for (const { path, sha } of entries) {
    const content = shared.get(sha);
    if (content !== undefined) contents.set(path, content);
  }
  return contents;
}

async function findKept(
  kept: KeptContents,
  entries: readonly TreeEntry[],
): Promise<ReadonlyMap<string, FileContent>> {
  const contents = new Map<string, FileContent>();
  for (const [sha, stored] of await kept.find([...new Set(entries.map(({ sha }) => sha))])) {
    const content = readStoredContent(stored);
    if (content !== undefined) contents.set(sha, content);
  }
  return contents;
}

async function readNew(
  repository: Pick<Repository, "fetchTexts">,
  entries: readonly TreeEntry[],
  kept: KeptContents,
): Promise<ReadonlyMap<string, FileContent>> {
  const contents = new Map<string, FileContent>();
  for (let start = 0; start < entries.length; start += PORTION) {
    const portion = entries.slice(start, start + PORTION);
    for (const [sha, content] of await readPortion(repository, portion, kept)) contents.set(sha, content);
  }
  return contents;
}

async function readPortion(
  repository: Pick<Repository, "fetchTexts">,
  entries: readonly TreeEntry[],
  kept: KeptContents,
): Promise<ReadonlyMap<string, FileContent>> {
  const contents = new Map<string, FileContent>();
  const stored = new Map<string, string>();
  for (const [sha, text] of await repository.fetchTexts(entries)) {
    const content = readContent(text);
    contents.set(sha, content);
    const written = writeStoredContent(content);
    if (written !== undefined && isContentOf(sha, text)) stored.set(sha, written);
    if (contents.size % READ_AT_ONCE === 0) await setImmediate();
  }
  if (stored.size > 0) await kept.keep(stored);
  return contents;
}

/** A file on a disk may have changed since git named its content, or have other line endings there; then nothing is kept under that name. */
function isContentOf(sha: string, text: string): boolean {
  const bytes = Buffer.from(text, "utf8");
  const hash = createHash(sha.length === SHA1_LENGTH ? "sha1" : "sha256");
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex") === sha;
}
