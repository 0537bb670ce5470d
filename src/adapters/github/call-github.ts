import { ExternalFailure } from "../../ports/external-failure.ts";
import { TokenRefused } from "./fresh-token.ts";
import { asksForToken, isHttpError } from "./http-error.ts";
import { RateLimited } from "./rate-limits.ts";
import { adviseOn, sayNetworkTrouble, saysAlreadyThere } from "./say-refusal.ts";

/** What Octokit answers, as far as the adapter looks at it. */
export interface GitHubAnswer<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: T;
}

/** Waits before a failed read is tried again; what still fails then is for the job queue to repeat. */
const READ_AGAIN_AFTER_MS = [200, 1_000];

const NOT_INSTALLED = "the app is not installed there, or not any more; an owner can install it again";

/** GitHub refused to create what it holds already. */
export class AlreadyThere extends ExternalFailure {}

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

/** Writes as `writeGitHub` does, but answers undefined where GitHub does not know (404) what is to be changed. */
export async function changeOnGitHub<T>(
  doing: string,
  call: () => Promise<GitHubAnswer<T>>,
): Promise<T | undefined> {
  try {
    return await writeGitHub(doing, call);
  } catch (failure) {
    if (isRefusal(failure, [404])) return undefined;
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
    throw restate(doing, cause);
  }
  if (answer.status >= 300) throw restateMove(doing, answer);
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

// Octokit's error is not handed on as the cause: it carries the request with its body, and causes are logged.
function restate(doing: string, cause: unknown): unknown {
  if (cause instanceof RateLimited) return restateLimit(doing, cause);
  if (cause instanceof TokenRefused) {
    return failed(doing, cause.refusal, {
      advice: "it does not accept the token of the installation, nor a fresh one; it is tried again",
      retryable: true,
    });
  }
  if (!isHttpError(cause)) return cause;
  const { response, status } = cause;
  if (response === undefined) {
    return failed(doing, undefined, { advice: sayNetworkTrouble(cause.cause), retryable: true });
  }
  const told = {
    advice: asksForToken(cause) && status === 404 ? NOT_INSTALLED : adviseOn(status, response.data),
    retryable: status >= 500 || status === 408,
  };
  return failed(
    doing,
    response,
    told,
    saysAlreadyThere(status, response.data) ? AlreadyThere : ExternalFailure,
  );
}

function restateLimit(doing: string, { waitMs, refusal }: RateLimited): ExternalFailure {
  const seconds = Math.ceil(waitMs / 1_000);
  const advice =
    refusal === undefined
      ? `it limits our rate and was not asked; it is tried again in ${seconds} s`
      : `it limits our rate; it is tried again in ${seconds} s`;
  return failed(doing, refusal, { advice, retryable: true, retryAfterMs: waitMs });
}

function restateMove(doing: string, answer: GitHubAnswer<unknown>): ExternalFailure {
  const advice = "it sends us to another server or from place to place; set GITHUB_API_URL to where it is";
  return failed(doing, answer, { advice, retryable: false });
}

function failed(
  doing: string,
  answer: Pick<GitHubAnswer<unknown>, "status" | "headers"> | undefined,
  told: {
    readonly advice: string | undefined;
    readonly retryable: boolean;
    readonly retryAfterMs?: number;
  },
  Failure: typeof ExternalFailure = ExternalFailure,
): ExternalFailure {
  const { advice, retryable, retryAfterMs } = told;
  const place = answer === undefined ? "" : ` (status ${answer.status}${requestId(answer.headers)})`;
  return new Failure(`GitHub could not ${doing}${place}${advice === undefined ? "" : `: ${advice}`}`, {
    system: "github",
    retryable,
    retryAfterMs,
    status: answer?.status,
  });
}

function requestId(headers: GitHubAnswer<unknown>["headers"]): string {
  const id = headers["x-github-request-id"];
  return id === undefined ? "" : `, request ${id}`;
}
