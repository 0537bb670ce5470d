import type { Octokit } from "@octokit/rest";
import type { Creations } from "../../ports/creations.ts";
import type { Blobs } from "../../ports/records.ts";
import type { KnownTrees } from "./known-trees.ts";

/** What Probot's and the plain Octokit have in common: the typed REST methods, and any other request. */
type GitHubClient = Pick<Octokit, "rest" | "request">;

/** Who we are to GitHub. */
export interface Identity {
  /** Login under which we comment and commit, such as `incident-to-eval[bot]`. */
  readonly login: string;
  /** Id of our App, or undefined where a person's token is used. */
  readonly appId: number | undefined;
}

/** Where the adapter says what went on; a pino logger fits. */
export interface GitHubLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** One repository through one client: what every port of this adapter is made from. */
export interface RepositoryAccess {
  readonly client: GitHubClient;
  readonly owner: string;
  readonly repo: string;
  readonly fetchIdentity: () => Promise<Identity>;
  readonly blobs: Blobs;
  /** Shared by the jobs of one process. */
  readonly trees: KnownTrees;
  readonly creations: Creations;
  /** So long after a request GitHub's lists may not show what came of it. */
  readonly lagMs: number;
  readonly log: GitHubLog;
}

/** Names an account that may have been deleted, as GitHub shows it. */
export function loginOf(user: { readonly login: string } | null | undefined): string {
  return user?.login ?? "ghost";
}
