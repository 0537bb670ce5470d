/** What came of one request to GitHub. */
export interface GitHubRequest {
  /** The installation in whose name it was made, where that is known. */
  readonly installationId: number | undefined;
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  /** GitHub refused it because of our rate. */
  readonly isLimited: boolean;
  /** Requests that GitHub still allows, where it said so. */
  readonly remaining: number | undefined;
}

/** Who stands between us and GitHub. */
export interface GitHubWatch {
  /** Takes secrets out of a body of JSON before it leaves us. */
  readonly stripJsonText: (text: string) => string;
  /** Told of every token that we are given. */
  readonly onToken: (token: string) => void;
  /** Told of every request once it is over. */
  readonly onRequest: (request: GitHubRequest) => void;
}

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

const TOKEN_PATH = /\/app\/installations\/(\d+)\/access_tokens$/;
/** An installation has a new token every hour; of older ones nobody needs to know whose they are. */
const TOKENS_MAX = 1_000;

/** Puts a watch before what fetches: nothing secret leaves in a body, and every request is told of. */
export function watchedFetch(fetch: Fetch, watch: GitHubWatch): Fetch {
  const installations = new Map<string, number>();
  return async (url, init) => {
    const tell = (response: Response | undefined): void =>
      watch.onRequest({ installationId: installations.get(tokenOf(init)), ...outcomeOf(response) });
    let response: Response;
    try {
      response = await fetch(url, stripped(init, watch));
    } catch (cause) {
      tell(undefined);
      throw cause;
    }
    const installationId = Number(TOKEN_PATH.exec(new URL(url).pathname)?.[1] ?? Number.NaN);
    if (response.ok && Number.isInteger(installationId)) {
      const token = await readToken(response.clone());
      if (token !== undefined) {
        watch.onToken(token);
        remember(installations, token, installationId);
      }
    }
    tell(response);
    return response;
  };
}

function stripped(init: RequestInit, watch: GitHubWatch): RequestInit {
  return typeof init.body === "string" && init.body !== ""
    ? { ...init, body: watch.stripJsonText(init.body) }
    : init;
}

function outcomeOf(response: Response | undefined) {
  if (response === undefined) return { status: undefined, isLimited: false, remaining: undefined };
  const { headers, status } = response;
  const remaining = headers.get("x-ratelimit-remaining");
  const isRefused = status === 403 || status === 429;
  return {
    status,
    isLimited: isRefused && (status === 429 || remaining === "0" || headers.has("retry-after")),
    remaining: remaining === null || !/^\d{1,9}$/.test(remaining) ? undefined : Number(remaining),
  };
}

/** The token of a request: what follows the scheme in its header. */
function tokenOf(init: RequestInit): string {
  return new Headers(init.headers).get("authorization")?.split(" ")[1] ?? "";
}

/** Reads the token out of GitHub's answer; one that is cut off is reported by who asked. */
async function readToken(response: Response): Promise<string | undefined> {
  const text = await response.text().catch(() => "");
  return /"token":\s*"([^"\\]+)"/.exec(text)?.[1];
}

function remember(installations: Map<string, number>, token: string, installationId: number): void {
  const [oldest] = installations.keys();
  if (installations.size >= TOKENS_MAX && oldest !== undefined) installations.delete(oldest);
  installations.set(token, installationId);
}
