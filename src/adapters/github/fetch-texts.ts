import pLimit from "p-limit";
import type { TreeEntry } from "../../core/suite/snapshot.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import { readGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { fetchManyBlobs } from "./fetch-many-blobs.ts";

/** Bytes of one file; prompts, fixtures and manifests are far smaller. */
const FILE_BYTES_MAX = 1024 * 1024;
/** Files that are fetched at the same time; GitHub takes a hundred from all of an app. */
const FETCHES_AT_ONCE_MAX = 8;
/** More files than this are asked for a hundred at a time: an installation has 5,000 requests an hour. */
const ONE_BY_ONE_MAX = 50;
/** Files that are fetched before they are kept, so that a rate limit half-way loses little. */
const PORTION = 100;

const SUBMODULE_MODE = "160000";
const utf8 = new TextDecoder("utf-8");

/** Reads the contents of files as UTF-8 text, by blob id: what is kept from the store, the rest from GitHub. */
export async function fetchTexts(
  access: RepositoryAccess,
  entries: readonly TreeEntry[],
): Promise<ReadonlyMap<string, string>> {
  for (const entry of entries) refuseUnreadable(entry);
  const wanted = [...new Map(entries.map((entry) => [entry.sha, entry])).values()];
  const kept = await access.blobs.fetchBlobs(wanted.map((entry) => entry.sha));
  const texts = new Map([...kept].map(([sha, content]) => [sha, utf8.decode(content)]));

  const keep = async (contents: ReadonlyMap<string, Uint8Array>): Promise<void> => {
    await access.blobs.saveBlobs(contents);
    for (const [sha, content] of contents) texts.set(sha, utf8.decode(content));
  };
  const isMissing = ({ sha }: TreeEntry): boolean => !texts.has(sha);
  const missing = wanted.filter(isMissing);
  if (missing.length > ONE_BY_ONE_MAX) await fetchManyBlobs(access, missing, keep);
  await fetchOneByOne(access, missing.filter(isMissing), keep);
  return texts;
}

async function fetchOneByOne(
  access: RepositoryAccess,
  missing: readonly TreeEntry[],
  keep: (contents: ReadonlyMap<string, Uint8Array>) => Promise<void>,
): Promise<void> {
  const limit = pLimit(FETCHES_AT_ONCE_MAX);
  for (let start = 0; start < missing.length; start += PORTION) {
    const portion = missing.slice(start, start + PORTION);
    const fetched = await limit.map(
      portion,
      async (entry) => [entry.sha, await fetchBlob(access, entry)] as const,
    );
    await keep(new Map(fetched));
  }
}

async function fetchBlob(access: RepositoryAccess, entry: TreeEntry): Promise<Uint8Array> {
  const { client, owner, repo } = access;
  const blob = await readGitHub(`read ${entry.path} (${entry.sha})`, () =>
    client.rest.git.getBlob({ owner, repo, file_sha: entry.sha }),
  );
  refuseTooLarge(entry.path, blob.size ?? 0);
  const content = Buffer.from(blob.content, blob.encoding === "base64" ? "base64" : "utf8");
  // The tree may not have said the size.
  refuseTooLarge(entry.path, content.byteLength);
  return content;
}

function refuseUnreadable(entry: TreeEntry): void {
  refuseTooLarge(entry.path, entry.size);
  if (entry.mode !== SUBMODULE_MODE) return;
  throw new ExternalFailure(
    `We could not read ${entry.path}: expected a file, got a submodule; its files are in another repository`,
    { system: "github", retryable: false },
  );
}

function refuseTooLarge(path: string, bytes: number): void {
  if (bytes <= FILE_BYTES_MAX) return;
  throw new ExternalFailure(
    `We could not read ${path}: expected at most ${FILE_BYTES_MAX} bytes, got ${bytes}; make the file smaller or name another one`,
    { system: "github", retryable: false },
  );
}
