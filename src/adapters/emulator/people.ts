import type { Octokit, RestEndpointMethodTypes } from "@octokit/rest";
import { githubClient } from "./github-client.ts";
import type { GithubEmulator } from "./github-emulator.ts";
import type { Files } from "./read-folder.ts";

type TreeEntry = NonNullable<RestEndpointMethodTypes["git"]["createTree"]["parameters"]["tree"]>[number];

/** What came of asking GitHub to merge. */
export type Merge =
  | { readonly kind: "merged"; readonly sha: string }
  | { readonly kind: "refused"; readonly because: string };

/** Somebody on the emulated GitHub, doing what people do there. */
export interface Person {
  readonly login: string;
  readonly octokit: Octokit;
}

/** Takes the place of a person whom the emulator knows. */
export function personOf(emulator: GithubEmulator, login: string): Person {
  const token = emulator.tokens[login];
  if (token === undefined) {
    throw new Error(`expected one of ${Object.keys(emulator.tokens).join(", ")}, got ${login}`);
  }
  return { login, octokit: githubClient(emulator.url, token) };
}

/** Fills the empty repository with its first commit, and protects `main` by the required checks. */
export async function fillRepository(
  emulator: GithubEmulator,
  files: Files,
  requiredChecks: readonly string[],
): Promise<{ readonly sha: string }> {
  const { octokit } = personOf(emulator, emulator.ownerLogin);
  const at = placeOf(emulator);
  const sha = await commitFiles(emulator, octokit, { files, message: "The refund agent", parent: undefined });
  await octokit.rest.git.createRef({ ...at, ref: "refs/heads/main", sha });
  await octokit.rest.repos.updateBranchProtection({
    ...at,
    branch: "main",
    required_status_checks: { strict: false, contexts: [...requiredChecks] },
    enforce_admins: true,
    required_pull_request_reviews: null,
    restrictions: null,
  });
  return { sha };
}

/** Files an incident as the form would, and returns the issue's number. */
export async function fileIncident(
  emulator: GithubEmulator,
  person: Person,
  incident: { readonly title: string; readonly body: string; readonly label: string },
): Promise<number> {
  const { title, body, label } = incident;
  const { data } = await person.octokit.rest.issues.create({
    ...placeOf(emulator),
    title,
    body,
    labels: [label],
  });
  return data.number;
}

/** Opens a pull request whose one commit on the tip of `main` changes these files, and returns its number and head. */
export async function proposeChange(
  emulator: GithubEmulator,
  person: Person,
  change: {
    readonly branch: string;
    readonly title: string;
    readonly body: string;
    readonly files: Files;
  },
): Promise<{ readonly number: number; readonly sha: string }> {
  const at = placeOf(emulator);
  const { octokit } = person;
  const tip = await octokit.rest.git.getRef({ ...at, ref: "heads/main" });
  const sha = await commitFiles(emulator, octokit, {
    files: change.files,
    message: change.title,
    parent: tip.data.object.sha,
  });
  await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${change.branch}`, sha });
  const { title, body, branch: head } = change;
  const { data } = await octokit.rest.pulls.create({ ...at, title, body, head, base: "main" });
  return { number: data.number, sha };
}

/** Asks GitHub to merge a pull request, which it refuses while a required check is not green. */
export async function tryMerge(emulator: GithubEmulator, person: Person, pull: number): Promise<Merge> {
  try {
    const { data } = await person.octokit.rest.pulls.merge({
      ...placeOf(emulator),
      pull_number: pull,
      merge_method: "merge",
    });
    return { kind: "merged", sha: data.sha };
  } catch (cause) {
    if (!isRefusal(cause)) throw cause;
    return { kind: "refused", because: cause.message };
  }
}

function isRefusal(cause: unknown): cause is Error {
  return cause instanceof Error && "status" in cause && (cause.status === 405 || cause.status === 422);
}

async function commitFiles(
  emulator: GithubEmulator,
  octokit: Octokit,
  commit: { readonly files: Files; readonly message: string; readonly parent: string | undefined },
): Promise<string> {
  const at = placeOf(emulator);
  const entries: TreeEntry[] = Object.entries(commit.files).map(([path, content]) => ({
    path,
    content,
    mode: "100644",
    type: "blob",
  }));
  const base =
    commit.parent === undefined
      ? {}
      : { base_tree: (await octokit.rest.git.getCommit({ ...at, commit_sha: commit.parent })).data.tree.sha };
  const tree = await octokit.rest.git.createTree({ ...at, ...base, tree: entries });
  const created = await octokit.rest.git.createCommit({
    ...at,
    message: commit.message,
    tree: tree.data.sha,
    parents: commit.parent === undefined ? [] : [commit.parent],
  });
  return created.data.sha;
}

function placeOf(emulator: GithubEmulator): { owner: string; repo: string } {
  return { owner: emulator.repository.owner, repo: emulator.repository.name };
}
