import { type Logger, Probot } from "probot";
import type { AppSettings, BranchRules } from "../../ports/app-settings.ts";
import type { Creations } from "../../ports/creations.ts";
import type { DeliveryLog } from "../../ports/delivery-log.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Installations } from "../../ports/installations.ts";
import type { PastWork } from "../../ports/past-work.ts";
import type { Blobs } from "../../ports/records.ts";
import { githubAppSettings } from "./app-settings.ts";
import { githubBranchRules } from "./branch-rules.ts";
import { readGitHub } from "./call-github.ts";
import { githubChecks } from "./checks.ts";
import type { Identity, RepositoryAccess } from "./client.ts";
import { githubCommits } from "./commits.ts";
import { GITHUB_LAG_MS } from "./create-once.ts";
import { githubDeliveryLog } from "./delivery-log.ts";
import { githubInstallations } from "./installations.ts";
import { githubIssues } from "./issues.ts";
import { KnownTrees } from "./known-trees.ts";
import { logWrites } from "./log-writes.ts";
import { memoryBlobs } from "./memory-blobs.ts";
import { memoryCreations } from "./memory-creations.ts";
import { probotOctokit, tokenOctokit, withoutSlash } from "./octokit.ts";
import { githubOpenWork } from "./open-work.ts";
import { githubPastWork } from "./past-work.ts";
import { githubPeople } from "./people.ts";
import { githubProposals } from "./proposals.ts";
import { githubPullRequests } from "./pull-requests.ts";
import { RateLimits } from "./rate-limits.ts";
import { githubReleases } from "./releases.ts";
import { githubRepository } from "./repository.ts";
import type { GitHubWatch } from "./watched-fetch.ts";

/** What the GitHub App is made from; nothing is read from the process's environment. */
export interface GitHubAppOptions {
  readonly appId: number;
  /** PEM text. */
  readonly privateKey: string;
  /** Webhook secret, for Probot's own verification. */
  readonly secret: string;
  /** Base URL of the REST API, such as `https://api.github.com`. */
  readonly baseUrl: string;
  readonly log: Logger;
  readonly blobs: Blobs;
  readonly creations: Creations;
  /** Default: what GitHub needs; an emulated one has no lag. */
  readonly lagMs?: number | undefined;
  /** Who stands between us and GitHub; nobody where it is left out. */
  readonly watch?: GitHubWatch;
}

/** The GitHub App: Probot as event library, and the way to a repository of an installation. */
export interface GitHubApp {
  readonly probot: Probot;
  /** Who the App is to GitHub; asked once. */
  readonly fetchIdentity: () => Promise<Identity>;
  readonly deliveryLog: DeliveryLog;
  readonly installations: Installations;
  readonly settings: AppSettings;
  /** Gives the rules of one repository's branches. */
  readonly connectRules: (installationId: number, owner: string, repo: string) => Promise<BranchRules>;
  /** Looks back at what happened in one repository. */
  readonly connectPast: (installationId: number, owner: string, repo: string) => Promise<PastWork>;
  /** Gives one repository of an installation, whose log may be that of one job; nothing is asked of GitHub before the first call. */
  readonly connect: (installationId: number, owner: string, repo: string, log?: Logger) => Promise<GitHub>;
}

/** Makes the GitHub App; no server is started and GitHub is not asked for anything yet. */
export function createGitHubApp(options: GitHubAppOptions): GitHubApp {
  const probot = new Probot({
    appId: options.appId,
    privateKey: options.privateKey,
    secret: options.secret,
    baseUrl: withoutSlash(options.baseUrl),
    log: withoutPayloads(options.log),
    Octokit: probotOctokit({ ...options, limits: new RateLimits() }),
  });
  const trees = new KnownTrees();
  const fetchIdentity = once(async (): Promise<Identity> => {
    const client = await probot.auth();
    const app = await readGitHub("say which app we are", () => client.rest.apps.getAuthenticated());
    return { login: `${app?.slug}[bot]`, appId: options.appId };
  });

  return {
    probot,
    fetchIdentity,
    deliveryLog: githubDeliveryLog(() => probot.auth(), options.log),
    installations: githubInstallations({
      connect: (installationId) => probot.auth(installationId),
      log: options.log,
    }),
    settings: githubAppSettings(
      () => probot.auth(),
      () => new Date(),
    ),
    async connectRules(installationId, owner, repo) {
      return githubBranchRules({ client: await probot.auth(installationId), owner, repo });
    },
    async connectPast(installationId, owner, repo) {
      return githubPastWork({ client: await probot.auth(installationId), owner, repo });
    },
    async connect(installationId, owner, repo, log = options.log) {
      const client = await probot.auth(installationId);
      logWrites(client, log);
      const { blobs, creations, lagMs = GITHUB_LAG_MS } = options;
      return portsOf({ client, owner, repo, fetchIdentity, blobs, trees, creations, lagMs, log });
    },
  };
}

/** What a person's connection is made from. */
export interface UserGitHubOptions {
  readonly token: string;
  readonly baseUrl: string;
  readonly owner: string;
  readonly repo: string;
  readonly log: RepositoryAccess["log"];
  /** Default: kept in memory for the life of the process. */
  readonly blobs?: Blobs;
  readonly creations?: Creations;
}

/** Gives one repository to the CLI, with a person's token. */
export function createUserGitHub(options: UserGitHubOptions): GitHub {
  const { owner, repo, log, blobs = memoryBlobs(), creations = memoryCreations() } = options;
  const client = tokenOctokit(options.token, { baseUrl: options.baseUrl, log, limits: new RateLimits() });
  const fetchIdentity = once(async (): Promise<Identity> => {
    const user = await readGitHub("say whose token this is", () => client.rest.users.getAuthenticated());
    return { login: user.login, appId: undefined };
  });
  const trees = new KnownTrees();
  return portsOf({ client, owner, repo, fetchIdentity, blobs, trees, creations, lagMs: GITHUB_LAG_MS, log });
}

/** Gives the rules of one repository's branches to the CLI, with a person's token. */
export function createUserRules({
  token,
  baseUrl,
  owner,
  repo,
  log,
}: Pick<UserGitHubOptions, "token" | "baseUrl" | "owner" | "repo" | "log">): BranchRules {
  return githubBranchRules({
    client: tokenOctokit(token, { baseUrl, log, limits: new RateLimits() }),
    owner,
    repo,
  });
}

function portsOf(access: RepositoryAccess): GitHub {
  return {
    repository: githubRepository(access),
    commits: githubCommits(access),
    proposals: githubProposals(access),
    issues: githubIssues(access),
    people: githubPeople(access),
    pullRequests: githubPullRequests(access),
    checks: githubChecks(access),
    openWork: githubOpenWork(access),
    releases: githubReleases(access),
  };
}

/** Probot logs whole deliveries, on receipt and beside each error: issues with what people wrote in them. */
function withoutPayloads(log: Logger): Logger {
  return log.child(
    {},
    {
      serializers: {
        event: (event: { readonly id?: unknown; readonly name?: unknown }) => ({
          id: event.id,
          name: event.name,
        }),
        err: ({ name, message, stack }: Error) => ({ type: name, message, stack }),
      },
    },
  );
}

/** Remembers the first success; a failure is forgotten, so that the next caller asks again. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask().catch((failure: unknown) => {
      answer = undefined;
      throw failure;
    });
    return answer;
  };
}
