import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { RestEndpointMethodTypes } from "@octokit/rest";
import { type Files, readFolder } from "../../src/adapters/emulator/read-folder.ts";
import type { Waits } from "../../src/app/wiring.ts";
import { aScript, type RunningApp, startApp } from "./running-app.ts";

type TreeEntry = NonNullable<RestEndpointMethodTypes["git"]["createTree"]["parameters"]["tree"]>[number];
type MessagesRequest = ReturnType<RunningApp["model"]["requests"]>[number];

const FOLDER = fileURLToPath(new URL("../e2e/help-desk/", import.meta.url));

/** What a commit does to files: their new text, or null where they go. */
export type Changes = Readonly<Record<string, string | null>>;

/** A pull request as a person opened it. */
export interface OpenedPullRequest {
  readonly number: number;
  readonly sha: string;
}

/** Starts the app on the repository of the help desk, with these files changed, and its scripted model. */
export async function startHelpDesk(
  options: {
    readonly changes?: Changes;
    readonly environment?: Readonly<Record<string, string | undefined>>;
    /** Rules that come before those of the script. */
    readonly rules?: string;
    readonly people?: Parameters<typeof startApp>[0]["people"];
    readonly waits?: Waits;
  } = {},
): Promise<RunningApp> {
  const script = await readFile(`${FOLDER}model.yml`, "utf8");
  return await startApp({
    files: changed(await helpDeskFiles(), options.changes ?? {}),
    script: aScript(script.replace("rules:\n", `rules:\n${options.rules ?? ""}`)),
    repository: { owner: "northwind", name: "help-desk" },
    ...(options.environment === undefined ? {} : { environment: options.environment }),
    ...(options.people === undefined ? {} : { people: options.people }),
    ...(options.waits === undefined ? {} : { waits: options.waits }),
  });
}

/** Reads the files of the help desk's repository. */
export async function helpDeskFiles(): Promise<Files> {
  return await readFolder(`${FOLDER}repository`);
}

/** Opens a pull request whose one commit on the tip of `main` does this, as Wanda, who may write. */
export async function openPullRequest(
  app: RunningApp,
  branch: string,
  changes: Changes,
  options: { readonly draft?: boolean; readonly by?: string } = {},
): Promise<OpenedPullRequest> {
  const { octokit } = app.person(options.by ?? "wanda");
  const at = placeOf(app);
  const tip = await octokit.rest.git.getRef({ ...at, ref: "heads/main" });
  const sha = await commit(app, tip.data.object.sha, changes);
  await octokit.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha });
  const { data } = await octokit.rest.pulls.create({
    ...at,
    title: branch,
    head: branch,
    base: "main",
    draft: options.draft ?? false,
  });
  return { number: data.number, sha };
}

/** Makes a commit that no branch names yet. */
export async function commit(app: RunningApp, parent: string, changes: Changes): Promise<string> {
  const { octokit } = app.person("wanda");
  const at = placeOf(app);
  const { data: before } = await octokit.rest.git.getCommit({ ...at, commit_sha: parent });
  const { data: tree } = await octokit.rest.git.createTree({
    ...at,
    base_tree: before.tree.sha,
    tree: Object.entries(changes).map(([path, content]) => entry(path, content)),
  });
  const { data } = await octokit.rest.git.createCommit({
    ...at,
    message: `Change ${Object.keys(changes).join(", ")}`,
    tree: tree.sha,
    parents: [parent],
  });
  return data.sha;
}

/** Moves a branch by one more commit, as a merge into it or a push would. */
export async function pushTo(app: RunningApp, branch: string, changes: Changes): Promise<string> {
  const { octokit } = app.person(app.emulator.ownerLogin);
  const at = placeOf(app);
  const tip = await octokit.rest.git.getRef({ ...at, ref: `heads/${branch}` });
  const sha = await commit(app, tip.data.object.sha, changes);
  await octokit.rest.git.updateRef({ ...at, ref: `heads/${branch}`, sha, force: true });
  return sha;
}

/** The requests of the agent's model that carry this text of a user, from the given one on. */
export function requestsAbout(app: RunningApp, word: string, from = 0): readonly MessagesRequest[] {
  return app.model
    .requests()
    .slice(from)
    .filter((request) => JSON.stringify(request.messages).includes(word));
}

/** Where the repository is, as the REST client wants it. */
export function placeOf({ emulator }: RunningApp): { owner: string; repo: string } {
  return { owner: emulator.repository.owner, repo: emulator.repository.name };
}

function changed(files: Files, changes: Changes): Files {
  const all: [string, string | null][] = Object.entries({ ...files, ...changes });
  return Object.fromEntries(
    all.flatMap(([path, text]): [string, string][] => (text === null ? [] : [[path, text]])),
  );
}

function entry(path: string, content: string | null): TreeEntry {
  const place: TreeEntry = { path, mode: "100644", type: "blob" };
  return content === null ? { ...place, sha: null } : { ...place, content };
}

/** Waits until the app has looked at a pull request this many times. */
export async function untilLooked(app: RunningApp, pullRequest: number, times = 1): Promise<void> {
  const looks = () =>
    app
      .log()
      .split("\n")
      .filter((line) => line.includes('"job":"gate-pull-request"') && line.includes('"job done"'))
      .filter((line) => line.includes(`"pullRequest":${pullRequest},`));
  await app.eventually(`look at #${pullRequest}`, async () => (looks().length >= times ? true : undefined));
}
