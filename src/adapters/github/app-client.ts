import type { Octokit } from "@octokit/rest";

/** What is needed of a client of the App: the typed REST methods, and paths that they do not know. */
export type AppClient = Pick<Octokit, "rest" | "request">;
