import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import type { LoopbackServer } from "../../../src/adapters/emulator/loopback-server.ts";
import { startLoopbackServer } from "../../../src/adapters/emulator/loopback-server.ts";
import { writeGitHub } from "../../../src/adapters/github/call-github.ts";
import { fetchInPlace } from "../../../src/adapters/github/fetch-in-place.ts";
import { tokenOctokit } from "../../../src/adapters/github/octokit.ts";
import { RateLimits } from "../../../src/adapters/github/rate-limits.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import { listeningLog } from "../../build/recorded-github.ts";

const heard: string[] = [];
let server: LoopbackServer;
/** Where the old place sends those who ask there; `ROUND` is itself. */
let location = "";

beforeAll(async () => {
  server = await startLoopbackServer({
    port: 0,
    bodyBytesMax: 1_000,
    async handle({ method, path, headers, body }) {
      heard.push(`${method} ${path} ${body}`.trim());
      const isMoved = /^\/old-\d+(?!.*\/repositories\/)/.test(path);
      const status = isMoved ? Number(/^\/old-(\d+)/.exec(path)?.[1]) : 200;
      const json = "application/json";
      if (status !== 200) return { status, contentType: json, body: "{}", headers: { location } };
      return { status, contentType: json, body: JSON.stringify({ authorization: headers.authorization }) };
    },
    refuse: (status, message) => ({ status, contentType: "text/plain", body: message }),
  });
});
afterAll(() => server.close());
beforeEach(() => {
  heard.length = 0;
  location = "/new";
});

function request(method: string, path: string) {
  const init = { method, headers: { authorization: "token t" } };
  return fetchInPlace(server.url + path, method === "GET" ? init : { ...init, body: "{}" });
}

const METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"];
const MOVES = [301, 302, 307, 308].flatMap((status) => METHODS.map((method) => ({ status, method })));

test.each(MOVES)(
  "a $method that is answered $status is repeated as it was at the new place",
  async ({ status, method }) => {
    const response = await request(method, `/old-${status}`);
    expect(await response.json()).toEqual({ authorization: "token t" });
    const body = method === "GET" ? "" : " {}";
    expect(heard).toEqual([`${method} /old-${status}${body}`, `${method} /new${body}`]);
  },
);

test.each([
  { where: "the same API on another host", to: "https://ghes.example/repositories/5/issues?page=2" },
  {
    where: "the API of an enterprise's server",
    to: "https://ghes.example/api/v3/repositories/5/issues?page=2",
  },
])("a repository that is said to be at $where is asked for at our address", async ({ to }) => {
  location = to;
  const response = await request("POST", "/old-307/repos/acme/old/issues");
  expect(response.status).toBe(200);
  expect(heard).toEqual([
    "POST /old-307/repos/acme/old/issues {}",
    "POST /old-307/repositories/5/issues?page=2 {}",
  ]);
});

test.each([
  "https://evil.example/login?return=/repos/acme/old",
  "https://evil.example/other/api/repositories/5",
  "https://evil.example/repositories/five",
])("nobody is followed to %s", async (to) => {
  location = to;
  expect((await request("GET", "/old-301/repos/acme/old")).status).toBe(301);
  expect(heard).toHaveLength(1);
});

test.each([
  { called: "another server", to: "https://evil.example/new", status: 301, asked: 1 },
  { called: "nowhere", to: "http://", status: 302, asked: 1 },
  { called: "round and round", to: "/old-307", status: 307, asked: 4 },
  { called: "the answer to another question", to: "/new", status: 303, asked: 1 },
])("who is sent to $called goes no further, and it is said", async ({ to, status, asked }) => {
  location = to;
  const log = listeningLog();
  const client = tokenOctokit("t", { baseUrl: server.url, log, limits: new RateLimits() });
  const failure = await writeGitHub("comment on 7", () => client.request(`POST /old-${status}`)).catch(
    (thrown: unknown) => thrown,
  );
  expect(failure).toBeInstanceOf(ExternalFailure);
  expect(failure).toMatchObject({ retryable: false, status });
  expect(String(failure)).toContain("set GITHUB_API_URL");
  expect(heard).toHaveLength(asked);
});
