import { createServer } from "node:net";
import type { Octokit } from "@octokit/rest";
import { githubClient } from "./github-client.ts";
import { type Delivery, startWebhookRelay, type WebhookRelay } from "./webhook-relay.ts";

/** What our manifest asks for; `app.yml` says why. */
const PERMISSIONS = {
  metadata: "read",
  checks: "write",
  contents: "write",
  issues: "write",
  pull_requests: "write",
  merge_queues: "read",
  members: "read",
};
const EVENTS = [
  "issues",
  "issue_comment",
  "pull_request",
  "pull_request_review",
  "check_run",
  "check_suite",
  "push",
  "merge_group",
];
const INSTALLATION_ID = 7_001;

/** Roles that a person can have on the repository; `none` is somebody with an account and nothing else. */
export const ROLES = ["admin", "maintain", "write", "triage", "read", "none"] as const;
type Role = (typeof ROLES)[number];

/** How the emulator's API calls a role when it is granted. */
const GRANTED: Readonly<Record<Role, "admin" | "maintain" | "push" | "triage" | "pull" | undefined>> = {
  admin: "admin",
  maintain: "maintain",
  write: "push",
  triage: "triage",
  read: "pull",
  none: undefined,
};

/** A person on the emulated GitHub, and the token with which they call its API. */
interface EmulatedUser {
  readonly login: string;
  readonly name?: string | undefined;
  readonly token: string;
  readonly role: Role;
  /** Slugs of teams of the organisation. The emulator takes every member of a team for an admin. */
  readonly teams?: readonly string[] | undefined;
}

/** All that an emulated GitHub starts with: one organisation, one repository, one App installed on it. */
export interface GithubSeed {
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly name: string;
    readonly webhookSecret: string;
  };
  readonly repository: {
    readonly owner: string;
    readonly name: string;
    readonly description?: string | undefined;
  };
  /** The first one with the role `admin` owns the organisation; there must be one. */
  readonly users: readonly EmulatedUser[];
  /** 0 takes any free port. */
  readonly port?: number;
  /** Where the App receives webhooks, where that is known already. */
  readonly webhookUrl?: string;
}

/** A GitHub that is running on this machine. */
export interface GithubEmulator {
  readonly url: string;
  readonly appId: number;
  readonly privateKey: string;
  readonly installationId: number;
  readonly repository: { readonly owner: string; readonly name: string };
  /** Token of each person, by login. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Login of the person who owns the organisation. */
  readonly ownerLogin: string;
  /** Sends webhooks to this address from now on. */
  deliverTo(webhookUrl: string): void;
  /** The last webhooks, oldest first. */
  deliveries(): readonly Delivery[];
  close(): Promise<void>;
}

/** Starts a stateful GitHub on this machine, with people, teams and an installed App, and an empty repository. */
export async function startGithubEmulator(seed: GithubSeed): Promise<GithubEmulator> {
  const owner = seed.users.find((user) => user.role === "admin");
  if (owner === undefined) throw new Error("an emulated GitHub needs a user with the role `admin`");
  const relay = await startWebhookRelay({ secret: seed.app.webhookSecret, appId: seed.app.id });
  let emulator: RunningEmulator | undefined;
  try {
    emulator = await startEmulate(seed, owner, relay.url);
    await grantRoles(seed, githubClient(emulator.url, owner.token));
    if (seed.webhookUrl !== undefined) relay.deliverTo(seed.webhookUrl);
    return describe(seed, owner, emulator, relay);
  } catch (cause) {
    await emulator?.close();
    await relay.close();
    throw cause;
  }
}

interface RunningEmulator {
  readonly url: string;
  readonly privateKey: string;
  close(): Promise<void>;
}

async function startEmulate(
  seed: GithubSeed,
  owner: EmulatedUser,
  webhookUrl: string,
): Promise<RunningEmulator> {
  const port = seed.port === undefined || seed.port === 0 ? await findFreePort() : seed.port;
  const url = `http://127.0.0.1:${port}`;
  // Loaded here and nowhere else, so that the real app never carries the emulator.
  const { createEmulator } = await import("emulate");
  const emulator = await createEmulator({
    service: "github",
    port,
    hostname: "127.0.0.1",
    baseUrl: url,
    seed: emulateSeed(seed, owner, webhookUrl),
  });
  const key = emulator.generatedSecrets.find((secret) => secret.kind === "github.app_private_key");
  if (key === undefined) throw new Error("the emulator made no private key for the App");
  return { url, privateKey: key.value, close: () => emulator.close() };
}

function describe(
  seed: GithubSeed,
  owner: EmulatedUser,
  emulator: RunningEmulator,
  relay: WebhookRelay,
): GithubEmulator {
  return {
    url: emulator.url,
    appId: seed.app.id,
    privateKey: emulator.privateKey,
    installationId: INSTALLATION_ID,
    repository: { owner: seed.repository.owner, name: seed.repository.name },
    tokens: Object.fromEntries(seed.users.map((user) => [user.login, user.token])),
    ownerLogin: owner.login,
    deliverTo: relay.deliverTo,
    deliveries: relay.deliveries,
    close: async () => {
      await emulator.close();
      await relay.close();
    },
  };
}

function emulateSeed(seed: GithubSeed, owner: EmulatedUser, webhookUrl: string) {
  return {
    tokens: Object.fromEntries(
      seed.users.map((user) => [user.token, { login: user.login, scopes: ["repo"] }]),
    ),
    github: {
      users: seed.users.map((user) => ({ login: user.login, name: user.name })),
      orgs: [{ login: seed.repository.owner, members: [{ login: owner.login, role: "admin" }] }],
      repos: [{ ...seed.repository, auto_init: false }],
      apps: [
        {
          app_id: seed.app.id,
          slug: seed.app.slug,
          name: seed.app.name,
          webhook_url: webhookUrl,
          webhook_secret: seed.app.webhookSecret,
          permissions: PERMISSIONS,
          events: EVENTS,
          installations: [
            {
              installation_id: INSTALLATION_ID,
              account: seed.repository.owner,
              repository_selection: "selected",
              repositories: [seed.repository.name],
            },
          ],
        },
      ],
    },
  };
}

async function grantRoles(seed: GithubSeed, octokit: Octokit): Promise<void> {
  const { owner, name: repo } = seed.repository;
  for (const user of seed.users) {
    const permission = GRANTED[user.role];
    if (permission === undefined) continue;
    await octokit.rest.repos.addCollaborator({ owner, repo, username: user.login, permission });
  }
  const teams = new Set(seed.users.flatMap((user) => user.teams ?? []));
  for (const team of teams) {
    await octokit.rest.teams.create({ org: owner, name: team, privacy: "closed" });
    for (const user of seed.users.filter((candidate) => candidate.teams?.includes(team))) {
      await octokit.rest.teams.addOrUpdateMembershipForUserInOrg({
        org: owner,
        team_slug: team,
        username: user.login,
        role: "member",
      });
    }
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  if (typeof address !== "object" || address === null) throw new Error("this machine gave no free port");
  return address.port;
}
