import { Octokit } from "@octokit/rest";
import { ProbotOctokit } from "probot";
import type { GitHubLog } from "./client.ts";

/** A request that has no answer by then counts as failed. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * Octokit for Probot without its throttling and retries.
 *
 * Both wait inside the process, for up to an hour, and repeat what creates as well as what reads, so that a
 * 502 after a success posts twice. Here a read is repeated by `readGitHub`, everything else by the job queue.
 */
export function probotOctokit(log: GitHubLog): typeof ProbotOctokit {
  return ProbotOctokit.defaults((options: { readonly throttle?: object; readonly request?: object }) => ({
    ...options,
    throttle: { ...options.throttle, enabled: false },
    retry: { enabled: false },
    request: { ...options.request, fetch: fetchInTime },
    log: wordsOnly(log),
  }));
}

/** Octokit with a person's token or that of a workflow. */
export function tokenOctokit(token: string, baseUrl: string, log: GitHubLog): Octokit {
  return new Octokit({
    auth: token,
    baseUrl: withoutSlash(baseUrl),
    request: { fetch: fetchInTime },
    log: wordsOnly(log),
  });
}

/** Octokit joins paths that begin with a slash, so the base must not end with one. */
export function withoutSlash(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, "");
}

function fetchInTime(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
}

// Octokit's plugins hand whole requests to the log, with bodies and headers; failures are reported by who called.
function wordsOnly(log: GitHubLog) {
  const words = (...said: unknown[]): string => said.filter((word) => typeof word === "string").join(" ");
  return {
    debug: (...said: unknown[]) => log.debug(words(...said)),
    info: (...said: unknown[]) => log.debug(words(...said)),
    warn: (...said: unknown[]) => log.warn(words(...said)),
    error: (...said: unknown[]) => log.debug(words(...said)),
  };
}
