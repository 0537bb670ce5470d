import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { Octokit } from "@octokit/rest";
import { type GithubEmulator, startGithubEmulator } from "../src/adapters/emulator/github-emulator.ts";
import { fillRepository, personOf } from "../src/adapters/emulator/people.ts";
import { startScriptedModel } from "../src/adapters/emulator/scripted-model.ts";
import { WEBHOOK_PATH } from "../src/app/http-front.ts";
import { agentScript, REPOSITORY } from "./agent-repository.ts";
import { type GithubFront, startGithubFront } from "./github-front.ts";
import { openPostOffice, type PostOffice } from "./post-office.ts";
import type { Random } from "./random.ts";

const APP_ID = 4_711;
const OWNER = "acme";
const REPO = "shop";
const SECRET_BYTES = 32;
const PEOPLE = [
  { login: "olga", role: "admin" },
  { login: "wanda", role: "write" },
  { login: "tom", role: "triage" },
] as const;
export type Login = (typeof PEOPLE)[number]["login"];

/** The repository that everything happens in, as the REST client wants it. */
export const AT = { owner: OWNER, repo: REPO };

/** Everything outside the app: a GitHub with its post office, and a model. */
export interface World {
  readonly post: PostOffice;
  readonly front: GithubFront;
  /** What the app is told of all this. */
  readonly environment: Readonly<Record<string, string>>;
  /** GitHub as one of its people sees it; they call it directly, not by the app's way. */
  as(login: Login): Octokit;
  /** Where a branch is now. */
  tipOf(branch: string): Promise<string | undefined>;
  /** Tells the app that a branch moved, where it is the head of an open pull request. */
  announceMove(branch: string): Promise<void>;
  close(): Promise<void>;
}

/** Starts the world around an app that listens on this port. */
export async function startWorld(appPort: number, random: Random): Promise<World> {
  const secret = randomBytes(SECRET_BYTES).toString("hex");
  const emulator = await startGithubEmulator({
    app: { id: APP_ID, slug: "incident-to-eval", name: "incident-to-eval", webhookSecret: secret },
    repository: { owner: OWNER, name: REPO },
    users: PEOPLE.map((person) => ({ ...person, token: `${person.login}-token` })),
  });
  await fillRepository(emulator, REPOSITORY, []);
  const post = await openPostOffice(`http://127.0.0.1:${appPort}${WEBHOOK_PATH}`, random);
  emulator.deliverTo(post.url);
  const as = (login: Login) => personOf(emulator, login).octokit;
  const tipOf = (branch: string) => fetchTip(as("olga"), branch);
  const announceMove = (branch: string) => announce(branch, { octokit: as("olga"), emulator, post, secret });
  const front = await startGithubFront({ emulatorUrl: emulator.url, post, tipOf, onMoved: announceMove });
  const model = await startScriptedModel(agentScript());
  return {
    post,
    front,
    environment: {
      APP_ID: String(APP_ID),
      PRIVATE_KEY: emulator.privateKey,
      WEBHOOK_SECRET: secret,
      GITHUB_API_URL: front.url,
      ANTHROPIC_API_KEY: "a-key-of-the-scripted-model",
      ANTHROPIC_BASE_URL: model.url,
    },
    as,
    tipOf,
    announceMove,
    async close() {
      await front.close();
      await model.close();
      await emulator.close();
      await post.close();
    },
  };
}

async function fetchTip(octokit: Octokit, branch: string): Promise<string | undefined> {
  const { data } = await octokit.rest.git.listMatchingRefs({ ...AT, ref: `heads/${branch}` });
  return data.find(({ ref }) => ref === `refs/heads/${branch}`)?.object.sha;
}

/** The emulator never says `synchronize`, so this does. */
async function announce(
  branch: string,
  world: {
    readonly octokit: Octokit;
    readonly emulator: GithubEmulator;
    readonly post: PostOffice;
    readonly secret: string;
  },
): Promise<void> {
  const { octokit, emulator, post, secret } = world;
  const { data: open } = await octokit.rest.pulls.list({ ...AT, state: "open", per_page: 100 });
  for (const pullRequest of open.filter(({ head }) => head.ref === branch)) {
    const body = JSON.stringify({
      action: "synchronize",
      number: pullRequest.number,
      pull_request: pullRequest,
      installation: { id: emulator.installationId },
      repository: { id: pullRequest.base.repo.id, name: REPO, owner: { login: OWNER } },
      sender: { login: "wanda", type: "User" },
    });
    await fetch(post.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "pull_request",
        "x-github-delivery": randomUUID(),
        "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      },
      body,
    });
  }
}
