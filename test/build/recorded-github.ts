import nock from "nock";
import pino from "pino";
import type { GitHubLog, RepositoryAccess } from "../../src/adapters/github/client.ts";
import { GITHUB_LAG_MS } from "../../src/adapters/github/create-once.ts";
import { KnownTrees } from "../../src/adapters/github/known-trees.ts";
import { memoryBlobs } from "../../src/adapters/github/memory-blobs.ts";
import { memoryCreations } from "../../src/adapters/github/memory-creations.ts";
import { tokenOctokit } from "../../src/adapters/github/octokit.ts";
import { RateLimits } from "../../src/adapters/github/rate-limits.ts";

export const API = "https://api.github.test";
export const TOKEN = "ghs_16C7e42F292c6912E7710c838347Ae178B4a";
/** Login under which recorded answers know us. */
export const BOT = "incident-to-eval[bot]";
export const APP_ID = 4_711;
/** Path of the recorded repository. */
export const AT = "/repos/acme/support-agent";

/** GitHub as recorded answers: each test says what is answered to what. */
export function recordedGitHub(): nock.Scope {
  return nock(API, { reqheaders: { authorization: `token ${TOKEN}` } }).defaultReplyHeaders({
    "content-type": "application/json; charset=utf-8",
    "x-github-request-id": "D5F2:3A1B:1C",
  });
}

/** The recorded repository, as the ports of the adapter are given it. */
export function recordedAccess(change: Partial<RepositoryAccess> = {}): RepositoryAccess {
  const log: GitHubLog = pino({ level: "silent" });
  return {
    client: tokenOctokit(TOKEN, { baseUrl: API, log, limits: new RateLimits() }),
    owner: "acme",
    repo: "support-agent",
    fetchIdentity: async () => ({ login: BOT, appId: APP_ID }),
    blobs: memoryBlobs(),
    trees: new KnownTrees(),
    creations: memoryCreations(),
    lagMs: GITHUB_LAG_MS,
    log,
    ...change,
  };
}

/** A log that keeps what it is told to warn of or to say. */
export function listeningLog(): GitHubLog & { readonly said: string[] } {
  const said: string[] = [];
  const hear = (message: string): void => {
    said.push(message);
  };
  return { said, debug: () => {}, info: hear, warn: hear, error: hear };
}
