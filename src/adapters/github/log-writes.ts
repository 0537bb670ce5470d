import type { Octokit } from "@octokit/rest";

const READING = ["GET", "HEAD"];
/** Asked for a token, GitHub makes one, and of GraphQL we only read: nothing that people see changes. */
const SILENT_PATH = /\/(?:access_tokens|graphql)$/;

/** Where writes are told; a pino logger fits. */
export interface WriteLog {
  info(facts: object, message: string): void;
}

/** An answer of GitHub or its refusal, as far as it is told. */
interface Told {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

/** Has every request of a client that changes something told with its place and GitHub's name for it, never with what it said. */
export function logWrites(client: Pick<Octokit, "hook">, log: WriteLog): void {
  const tell = (method: string, { url, status, headers }: Told): void => {
    const path = URL.parse(url)?.pathname ?? "";
    if (READING.includes(method) || SILENT_PATH.test(path)) return;
    const githubRequest = headers["x-github-request-id"];
    log.info({ action: `${method} ${path}`, status, githubRequest }, "wrote to GitHub");
  };
  client.hook.after("request", (response, { method }) => tell(method, response));
  client.hook.error("request", (error, { method }) => {
    if ("response" in error && error.response !== undefined) tell(method, error.response);
    throw error;
  });
}
