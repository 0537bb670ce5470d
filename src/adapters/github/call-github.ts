import { ExternalFailure } from "../../ports/external-failure.ts";
import { adviseOn, sayNetworkTrouble } from "./say-refusal.ts";

/** What Octokit answers, as far as the adapter looks at it. */
export interface GitHubAnswer<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: T;
}

/** Waits before a failed read is tried again; what still fails then is for the job queue to repeat. */
const READ_AGAIN_AFTER_MS = [200, 1_000];
/** What GitHub asks for where it limits us without saying for how long. */
const RATE_LIMIT_WAIT_MS = 60_000;
/** Longest wait that is believed; GitHub's longest window is an hour. */
const RATE_LIMIT_WAIT_MS_MAX = 65 * 60_000;
/** The reset time is given in whole seconds. */
const RESET_MARGIN_MS = 1_000;

/** Runs one GitHub call that changes something, once, and restates any failure in the app's own terms. */
export async function writeGitHub<T>(doing: string, call: () => Promise<GitHubAnswer<T>>): Promise<T> {
  return (await answerOf(doing, call)).data;
}

/** Runs one GitHub call that only reads; a server that stumbles is asked again before it counts as failed. */
export async function readGitHub<T>(doing: string, call: () => Promise<GitHubAnswer<T>>): Promise<T> {
  return (await readAnswer(doing, call)).data;
}

/** Reads as `readGitHub` does, but answers undefined where GitHub knows no such thing (404, 410). */
export async function findOnGitHub<T>(
  doing: string,
  call: () => Promise<GitHubAnswer<T>>,
): Promise<T | undefined> {
  try {
    return await readGitHub(doing, call);
  } catch (failure) {
    if (isRefusal(failure, [404, 410])) return undefined;
    throw failure;
  }
}

/** Reads as `readGitHub` does, and gives status and headers beside the data. */
export async function readAnswer<T>(
  doing: string,
  call: () => Promise<GitHubAnswer<T>>,
): Promise<GitHubAnswer<T>> {
  for (const waitMs of READ_AGAIN_AFTER_MS) {
    try {
      return await answerOf(doing, call);
    } catch (failure) {
      if (!isPassing(failure)) throw failure;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
  return answerOf(doing, call);
}

/** Tells whether GitHub refused with one of these statuses, for good. */
export function isRefusal(failure: unknown, statuses: readonly number[]): failure is ExternalFailure {
  return (
    failure instanceof ExternalFailure &&
    !failure.retryable &&
    failure.status !== undefined &&
    statuses.includes(failure.status)
  );
}

function isPassing(failure: unknown): boolean {
  return failure instanceof ExternalFailure && failure.retryable && failure.retryAfterMs === undefined;
}

async function answerOf<T>(doing: string, call: () => Promise<GitHubAnswer<T>>): Promise<GitHubAnswer<T>> {
  let answer: GitHubAnswer<T>;
  try {
    answer = await call();
  } catch (cause) {
    throw isHttpError(cause) ? restate(doing, cause) : cause;
  }
  if (isWhole(answer)) return answer;
  throw new ExternalFailure(
    `GitHub could not ${doing} (status ${answer.status}${requestId(answer.headers)}): expected JSON, got something else ` +
      "or a part of it; it is tried again, and if it stays so, look at what stands between this server and GitHub",
    { system: "github", retryable: true, status: answer.status },
  );
}

/** An answer that breaks off, or a page of a proxy, reaches us as text: Octokit parses what it can and says nothing. */
function isWhole(answer: GitHubAnswer<unknown>): boolean {
  if (answer.status === 204 || answer.status === 205) return true;
  const isJson = /\bjson\b/.test(String(answer.headers["content-type"] ?? ""));
  return isJson && typeof answer.data === "object" && answer.data !== null;
}

interface HttpError {
  readonly message: string;
  readonly status: number;
  readonly cause?: unknown;
  readonly response?: GitHubAnswer<unknown>;
}

function isHttpError(cause: unknown): cause is HttpError {
  return (
    typeof cause === "object" &&
    cause !== null &&
    "name" in cause &&
    (cause.name === "HttpError" || cause.name === "AbortError") &&
    "status" in cause &&
    typeof cause.status === "number"
  );
}

// Octokit's error is not handed on as the cause: it carries the request with its body, and causes are logged.
function restate(doing: string, error: HttpError): ExternalFailure {
  const { response } = error;
  if (response === undefined) {
    return new ExternalFailure(`GitHub could not ${doing}: ${sayNetworkTrouble(error.cause)}`, {
      system: "github",
      retryable: true,
    });
  }
  const id = requestId(response.headers);
  const waitMs = rateLimitWaitMs(error, response);
  if (waitMs !== undefined) {
    return new ExternalFailure(
      `GitHub could not ${doing} (status ${error.status}${id}): it limits our rate; it is tried again in ${Math.ceil(waitMs / 1_000)} s`,
      { system: "github", retryable: true, retryAfterMs: waitMs, status: error.status },
    );
  }
  const advice = adviseOn(error.status, response.data);
  return new ExternalFailure(
    `GitHub could not ${doing} (status ${error.status}${id})${advice === undefined ? "" : `: ${advice}`}`,
    { system: "github", retryable: error.status >= 500 || error.status === 408, status: error.status },
  );
}

function rateLimitWaitMs(error: HttpError, response: GitHubAnswer<unknown>): number | undefined {
  if (error.status !== 403 && error.status !== 429) return undefined;
  const { headers } = response;
  const retryAfter = numberOf(headers["retry-after"]);
  if (retryAfter !== undefined) return bounded(retryAfter * 1_000);
  const reset = numberOf(headers["x-ratelimit-reset"]);
  if (String(headers["x-ratelimit-remaining"]) === "0" && reset !== undefined) {
    // GitHub's own clock, since ours may be wrong.
    const now = Date.parse(String(headers.date ?? "")) || Date.now();
    return bounded(reset * 1_000 - now + RESET_MARGIN_MS);
  }
  if (error.status === 429 || /rate limit|abuse detection/i.test(error.message)) return RATE_LIMIT_WAIT_MS;
  return undefined;
}

function bounded(waitMs: number): number {
  return Math.min(Math.max(waitMs, RESET_MARGIN_MS), RATE_LIMIT_WAIT_MS_MAX);
}

function numberOf(header: string | number | undefined): number | undefined {
  const value = Number(header);
  return header === undefined || header === "" || !Number.isFinite(value) ? undefined : value;
}

function requestId(headers: GitHubAnswer<unknown>["headers"]): string {
  const id = headers["x-github-request-id"];
  return id === undefined ? "" : `, request ${id}`;
}
