import { Octokit } from "@octokit/rest";
import { ProbotOctokit } from "probot";
import type { GitHubLog } from "./client.ts";
import { fetchInPlace } from "./fetch-in-place.ts";
import { withFreshToken } from "./fresh-token.ts";
import type { RateLimits } from "./rate-limits.ts";
import { type GitHubWatch, watchedFetch } from "./watched-fetch.ts";

/** What the two ways to a client have in common. */
interface ClientOptions {
  readonly baseUrl: string;
  readonly log: GitHubLog;
  /** Shared by the clients of one process. */
  readonly limits: RateLimits;
  readonly watch?: GitHubWatch | undefined;
  /** Default: over the network. */
  readonly fetch?: typeof fetchInPlace | undefined;
}

interface ProbotOptions {
  readonly throttle?: object;
  readonly request?: object;
  readonly auth?: { readonly installationId?: number };
}

/**
 * Octokit for Probot without its throttling and retries.
 *
 * Both wait inside the process, for up to an hour, and repeat what creates as well as what reads, so that a
 * 502 after a success posts twice. Here a read is repeated by `readGitHub`, everything else by the job queue.
 */
export function probotOctokit(options: ClientOptions): typeof ProbotOctokit {
  const { limits } = options;
  const common = commonOf(options);
  // Left to itself, a fresh token would be asked for at api.github.com, wherever our GitHub is.
  const { request } = new Octokit(common);
  return ProbotOctokit.plugin((octokit, { auth }: ProbotOptions) => {
    makeNoneForEvents(octokit);
    const installationId = auth?.installationId;
    octokit.hook.wrap("request", async (send, sent) =>
      limits.run(`installation ${installationId ?? "none"}`, () =>
        installationId === undefined
          ? send(sent)
          : withFreshToken(
              () => send(sent),
              () => octokit.auth({ type: "installation", installationId, refresh: true }),
            ),
      ),
    );
  }).defaults((given: ProbotOptions) => ({
    ...given,
    auth: { ...given.auth, request },
    throttle: { ...given.throttle, enabled: false },
    retry: { enabled: false },
    request: { ...given.request, ...common.request },
    log: common.log,
  }));
}

/** Probot makes a client for every event, which costs as much as all else that is done with it; what hears events here uses none. */
function makeNoneForEvents(octokit: { auth: (asked: { readonly type: string }) => Promise<unknown> }): void {
  const { auth } = octokit;
  octokit.auth = Object.assign(
    async (asked: { readonly type: string }) => (asked.type === "event-octokit" ? octokit : auth(asked)),
    auth,
  );
}

/** Octokit with a person's token or that of a workflow. */
export function tokenOctokit(token: string, options: ClientOptions): Octokit {
  const octokit = new Octokit({ ...commonOf(options), auth: token });
  octokit.hook.wrap("request", (send, sent) => options.limits.run("token", () => send(sent)));
  return octokit;
}

function commonOf({ baseUrl, log, watch, fetch = fetchInPlace }: ClientOptions) {
  const request = { fetch: watch === undefined ? fetch : watchedFetch(fetch, watch) };
  return { baseUrl: withoutSlash(baseUrl), request, log: wordsOnly(log) };
}

/** Octokit joins paths that begin with a slash, so the base must not end with one. */
export function withoutSlash(baseUrl: string): string {
  return baseUrl.replace(/\/+$/, "");
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
