import type { JsonObject } from "../../../src/core/json.ts";
import type { GitHub } from "./github.ts";
import { listOf, objectAt, textAt } from "./members.ts";

/** Makes the commit that joins a head with the tip of a base; answers nothing where both changed one file. */
export async function createMergeCommit(
  github: GitHub,
  merge: { readonly base: string; readonly head: string; readonly message: string },
): Promise<string | undefined> {
  const { base, head, message } = merge;
  const compared = await github.read("GET", `${github.place()}/compare/${base}...${head}`);
  const fork = textAt(objectAt(compared, "merge_base_commit"), "sha");
  const [before, ours, theirs] = await Promise.all([fork, base, head].map((sha) => filesOf(github, sha)));
  const changed = [...new Set([...(before ?? []), ...(theirs ?? [])].map(([path]) => path))].filter(
    (path) => blobOf(before, path) !== blobOf(theirs, path),
  );
  const both = changed.filter(
    (path) => blobOf(before, path) !== blobOf(ours, path) && blobOf(ours, path) !== blobOf(theirs, path),
  );
  if (both.length > 0) return undefined;
  const baseTree = textAt(
    objectAt(await github.read("GET", `${github.place()}/git/commits/${base}`), "tree"),
    "sha",
  );
  const entries = changed.map((path): JsonObject => {
    const entry = theirs?.get(path);
    return entry === undefined
      ? { path, mode: "100644", type: "blob", sha: null }
      : { path, mode: textAt(entry, "mode"), type: "blob", sha: textAt(entry, "sha") };
  });
  const tree = await github.read("POST", `${github.place()}/git/trees`, {
    base_tree: baseTree,
    tree: entries,
  });
  const commit = await github.read("POST", `${github.place()}/git/commits`, {
    message,
    tree: textAt(tree, "sha"),
    parents: [base, head],
  });
  return textAt(commit, "sha");
}

type Files = ReadonlyMap<string, JsonObject>;

async function filesOf(github: GitHub, commit: string): Promise<Files> {
  const tree = await github.read("GET", `${github.place()}/git/trees/${commit}?recursive=1`);
  return new Map(
    listOf(tree.tree)
      .filter((entry) => entry.type === "blob")
      .map((entry) => [textAt(entry, "path"), entry]),
  );
}

function blobOf(files: Files | undefined, path: string): string {
  const entry = files?.get(path);
  return entry === undefined ? "" : `${textAt(entry, "mode")} ${textAt(entry, "sha")}`;
}
