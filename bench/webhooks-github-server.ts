import { createServer } from "node:http";
import { UPDATED_AT } from "./webhooks-payload.ts";

/**
 * A GitHub that gives out tokens and knows one repository, in which every pull request is closed: every job sees
 * it as the event told it, and ends. Prints its address, and the number of each pull request that is asked for.
 */
const PULL_REQUEST = /\/pulls\/(\d+)$/;
const REPOSITORY = {
  id: 35_129_377,
  name: "support-agent",
  full_name: "acme/support-agent",
  owner: { login: "acme" },
  default_branch: "main",
};

/** What is answered to each path; everything else is not there. */
const ANSWERS: readonly (readonly [RegExp, number, (path: string) => unknown])[] = [
  [/\/access_tokens$/, 201, () => ({ token: "ghs_bench", expires_at: inAnHour(), permissions: {} })],
  [/^\/app$/, 200, () => ({ id: 1, slug: "bench" })],
  [/^\/app\/(installations|hook\/deliveries)\b/, 200, () => []],
  [PULL_REQUEST, 200, (path) => closedPullRequest(Number(PULL_REQUEST.exec(path)?.[1]))],
  [/^\/(repositories\/35129377|repos\/acme\/support-agent)$/, 200, () => REPOSITORY],
];

const server = createServer((request, response) => {
  request.resume();
  const path = request.url ?? "";
  const asked = PULL_REQUEST.exec(path)?.[1];
  if (asked !== undefined) process.stdout.write(`asked for ${asked}\n`);
  const answer = ANSWERS.find(([pattern]) => pattern.test(path));
  response.writeHead(answer?.[1] ?? 404, { "content-type": "application/json" });
  response.end(JSON.stringify(answer?.[2](path) ?? { message: "Not Found" }));
});

function closedPullRequest(number: number): object {
  const side = { sha: "a".repeat(40), ref: "main", repo: { id: REPOSITORY.id } };
  const user = { login: "developer-1" };
  return { number, user, state: "closed", head: side, base: side, updated_at: UPDATED_AT };
}

function inAnHour(): string {
  return new Date(Date.now() + 3_600_000).toISOString();
}

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  process.stdout.write(`listening on http://127.0.0.1:${address.port}\n`);
});
