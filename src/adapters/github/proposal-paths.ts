import type { Proposal } from "../../core/report/proposal.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import { readGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";

const PATH_DEPTH_MAX = 20;

interface Entry {
  readonly sha: string;
  readonly mode: string;
  readonly type: string;
}

type Folder = ReadonlyMap<string, Entry>;

/** Refuses files that would be written through a link or a submodule, or in place of something that is not a file. */
export async function refuseUnsafePaths(
  access: RepositoryAccess,
  baseTree: string,
  files: Proposal["files"],
): Promise<void> {
  const folders = new Map<string, Promise<Folder>>();
  const listFolder = (sha: string): Promise<Folder> => {
    const listed = folders.get(sha) ?? fetchFolder(access, sha);
    folders.set(sha, listed);
    return listed;
  };
  for (const { path } of files) await refuseUnsafePath(path, baseTree, listFolder);
}

async function refuseUnsafePath(
  path: string,
  baseTree: string,
  listFolder: (sha: string) => Promise<Folder>,
): Promise<void> {
  const names = segmentsOf(path);
  let folder = await listFolder(baseTree);
  for (const [index, name] of names.entries()) {
    const entry = folder.get(name);
    if (entry === undefined) return;
    const place = names.slice(0, index + 1).join("/");
    if (index === names.length - 1) {
      if (!entry.mode.startsWith("100")) throw refusal(path, place, "a plain file or nothing", entry);
      return;
    }
    if (entry.type !== "tree") throw refusal(path, place, "a folder", entry);
    folder = await listFolder(entry.sha);
  }
}

function segmentsOf(path: string): readonly string[] {
  const names = path.split("/");
  const isPlain = names.every(
    (name) => name !== "" && name !== "." && name !== ".." && !/^\.git$/i.test(name),
  );
  // Paths are chosen by our code, so another one is our fault and not that of an incident.
  if (!isPlain || names.length > PATH_DEPTH_MAX || /[\0\\]/.test(path)) {
    throw new Error(`a proposed path is relative and plain, got ${JSON.stringify(path)}`);
  }
  return names;
}

async function fetchFolder(access: RepositoryAccess, sha: string): Promise<Folder> {
  const { client, owner, repo } = access;
  const listed = await readGitHub(`list the folder ${sha}`, () =>
    client.rest.git.getTree({ owner, repo, tree_sha: sha }),
  );
  if (listed.truncated) {
    throw new ExternalFailure(`We could not list the folder ${sha}: it holds more files than GitHub lists`, {
      system: "github",
      retryable: false,
    });
  }
  return new Map(
    listed.tree.map(({ path, sha: entrySha, mode, type }) => [path, { sha: entrySha, mode, type }]),
  );
}

const KINDS: Readonly<Record<string, string>> = {
  "120000": "a symbolic link",
  "160000": "a submodule",
  "040000": "a folder",
};

function refusal(path: string, place: string, expected: string, entry: Entry): ExternalFailure {
  const got = KINDS[entry.mode] ?? "a file";
  return new ExternalFailure(
    `We could not write ${path}: expected ${expected} at ${place}, got ${got}; move it away, then ask again`,
    { system: "github", retryable: false },
  );
}
