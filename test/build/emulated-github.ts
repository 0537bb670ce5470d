import { Octokit } from "@octokit/rest";
import pino from "pino";
import { startGithubEmulator } from "../../src/adapters/emulator/github-emulator.ts";
import { createGitHubApp, type GitHubApp } from "../../src/adapters/github/github-app.ts";
import { memoryBlobs } from "../../src/adapters/github/memory-blobs.ts";
import { memoryCreations } from "../../src/adapters/github/memory-creations.ts";
import type { GitHub } from "../../src/ports/github.ts";
import { type Front, startFront } from "./front.ts";
import { type GithubFront, startGithubFront } from "./github-front/github-front.ts";
import { violationsOf } from "./github-openapi.ts";
import { ROLES_OF_PEOPLE } from "./people.ts";

export const OWNER = "acme";
export const REPO = "support-agent";
/** What the emulated repository holds on its default branch. */
export const FILES: Readonly<Record<string, string>> = {
  "README.md": "# Support agent\n",
  "agent/prompts/system.md": "You help customers. Ünïcode ✓\n",
  "evals/golden/greets.yml": "id: greets\n",
};

const SECRET = "a-secret-of-at-least-thirty-two-characters";

/** A GitHub with one repository, our App installed on it, and the people who work there. */
export interface EmulatedGitHub {
  /** GitHub as people meet it. */
  readonly front: GithubFront;
  /** GitHub as the App meets it: faults can befall what it asks. */
  readonly wire: Front;
  readonly app: GitHubApp;
  readonly github: GitHub;
  /** Olga owns the repository and does what people do. */
  readonly olga: Octokit;
  /** Wanda may write. */
  readonly wanda: Octokit;
  /** Commits files to a branch, as a person does; answers the commit. */
  commitAsPerson(
    branch: string,
    files: Readonly<Record<string, string>>,
    mode?: "100644" | "120000",
  ): Promise<string>;
  /** Stops everything, and fails where the App asked for something in a way that GitHub does not know. */
  close(): Promise<void>;
}

/** Starts an emulated GitHub whose repository is still empty. */
export async function startEmulatedGitHub(): Promise<EmulatedGitHub> {
  const emulated = await startGithubEmulator({
    app: { id: 4_711, slug: "incident-to-eval", name: "incident-to-eval", webhookSecret: SECRET },
    repository: { owner: OWNER, name: REPO },
    users: ROLES_OF_PEOPLE.map((user) => ({ ...user, token: `${user.login}-token` })),
  });
  const front = await startGithubFront(emulated, SECRET);
  const { emulator } = front;
  const wire = await startFront(front.handle, violationsOf);
  const app = createGitHubApp({
    appId: emulator.appId,
    privateKey: emulator.privateKey,
    secret: SECRET,
    baseUrl: `${wire.url}/`,
    log: pino({ level: "silent" }),
    blobs: memoryBlobs(),
    creations: memoryCreations(),
  });
  const olga = new Octokit({ baseUrl: emulator.url, auth: "olga-token" });
  return {
    front,
    wire,
    app,
    github: await app.connect(emulator.installationId, OWNER, REPO),
    olga,
    wanda: new Octokit({ baseUrl: emulator.url, auth: "wanda-token" }),
    commitAsPerson: (branch, files, mode = "100644") => commitFiles(olga, branch, files, mode),
    async close() {
      await wire.close();
      await front.close();
      await emulator.close();
      if (wire.violations().length > 0)
        throw new Error(`the App asked in ways that GitHub does not know:\n${wire.violations().join("\n")}`);
    },
  };
}

async function commitFiles(
  octokit: Octokit,
  branch: string,
  files: Readonly<Record<string, string>>,
  mode: "100644" | "120000",
): Promise<string> {
  const place = { owner: OWNER, repo: REPO };
  const refs = await octokit.rest.git.listMatchingRefs({ ...place, ref: `heads/${branch}` });
  const parent = refs.data.find(({ ref }) => ref === `refs/heads/${branch}`)?.object.sha;
  const below =
    parent === undefined ? undefined : await octokit.rest.git.getCommit({ ...place, commit_sha: parent });
  const tree = await octokit.rest.git.createTree({
    ...place,
    ...(below === undefined ? {} : { base_tree: below.data.tree.sha }),
    tree: Object.entries(files).map(([path, content]) => ({ path, mode, type: "blob", content })),
  });
  const commit = await octokit.rest.git.createCommit({
    ...place,
    message: `Change ${Object.keys(files).join(", ")}`,
    tree: tree.data.sha,
    parents: parent === undefined ? [] : [parent],
  });
  const { sha } = commit.data;
  if (parent === undefined) await octokit.rest.git.createRef({ ...place, ref: `refs/heads/${branch}`, sha });
  else await octokit.rest.git.updateRef({ ...place, ref: `heads/${branch}`, sha, force: true });
  return sha;
}
