import { mock } from "node:test";
import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import pino from "pino";
import { TokenRefused, withFreshToken } from "../../../src/adapters/github/fresh-token.ts";
import { createGitHubApp } from "../../../src/adapters/github/github-app.ts";
import { memoryBlobs } from "../../../src/adapters/github/memory-blobs.ts";
import { memoryCreations } from "../../../src/adapters/github/memory-creations.ts";
import { aPrivateKey } from "../../build/keys.ts";
import { API, AT } from "../../build/recorded-github.ts";

afterEach(() => {
  nock.cleanAll();
  mock.timers.reset();
});

const NOON = Date.parse("2026-11-21T12:00:00Z");
const MINUTE_MS = 60_000;
const REFUSED = { message: "Bad credentials" };

/** An App whose token of ten minutes ago GitHub has taken back. */
async function anAppWithAnOldToken() {
  // Only the clock, since Octokit waits for a new token that GitHub does not know yet, and real time passes as it does.
  mock.timers.enable({ apis: ["Date"], now: NOON });
  const app = createGitHubApp({
    appId: 4_711,
    privateKey: aPrivateKey(),
    secret: "a-secret-of-at-least-thirty-two-characters",
    baseUrl: API,
    log: pino({ level: "silent" }),
    blobs: memoryBlobs(),
    creations: memoryCreations(),
  });
  answerToken("old");
  as("old").get(`${AT}/pulls/1`).reply(404, { message: "Not Found" });
  const github = await app.connect(77, "acme", "support-agent");
  await github.pullRequests.fetchPullRequest(1);
  mock.timers.setTime(NOON + 10 * MINUTE_MS);
  return { app, github };
}

function as(token: string) {
  return nock(API, { reqheaders: { authorization: `token ${token}` } }).defaultReplyHeaders({
    "content-type": "application/json",
  });
}

function answerToken(token: string, status = 201) {
  nock(API)
    .post("/app/installations/77/access_tokens")
    .reply(
      status,
      status === 201 ? { token, expires_at: new Date(NOON + 60 * MINUTE_MS).toISOString() } : REFUSED,
      {
        "content-type": "application/json",
      },
    );
}

test("a token that GitHub took back is replaced by a fresh one, which all later calls use", async () => {
  const { app, github } = await anAppWithAnOldToken();
  as("old").post(`${AT}/issues/comments/9/reactions`).reply(401, REFUSED);
  answerToken("fresh");
  as("fresh").post(`${AT}/issues/comments/9/reactions`).twice().reply(201, { id: 1 });
  await github.issues.react(9, "eyes");
  const again = await app.connect(77, "acme", "support-agent");
  await again.issues.react(9, "eyes");
  expect(nock.pendingMocks()).toEqual([]);
});

test("a key that GitHub does not accept any more is a failure for good, and says whose it is", async () => {
  const { github } = await anAppWithAnOldToken();
  as("old").get(`${AT}/pulls/1`).reply(401, REFUSED);
  answerToken("", 401);
  await expect(github.pullRequests.fetchPullRequest(1)).rejects.toMatchObject({
    status: 401,
    retryable: false,
    message: expect.stringContaining("check APP_ID and the private key"),
  });
});

function aRefusal(status: number, url = `${API}${AT}/pulls/1`) {
  return Object.assign(new Error("Bad credentials"), {
    name: "HttpError",
    status,
    request: { url },
    response: { status, headers: {}, data: REFUSED },
  });
}

test.each([
  { called: "is refused once", refusals: [aRefusal(401)], sent: 2, fresh: 1 },
  {
    called: "is refused although it is fresh",
    refusals: [aRefusal(401), aRefusal(401)],
    sent: 2,
    fresh: 1,
    ends: TokenRefused,
  },
  { called: "does not matter to what fails", refusals: [aRefusal(502)], sent: 1, fresh: 0, ends: Error },
  {
    called: "cannot be had",
    refusals: [aRefusal(401, `${API}/app/installations/77/access_tokens`)],
    sent: 1,
    fresh: 0,
    ends: Error,
  },
  {
    called: "is refused, then what was asked for fails",
    refusals: [aRefusal(401), aRefusal(404)],
    sent: 2,
    fresh: 1,
    ends: Error,
  },
])(
  "where a token $called, the request is sent $sent times and $fresh fresh ones are asked for",
  async ({ refusals, sent, fresh, ends }) => {
    const left = [...refusals];
    const counted = { sent: 0, fresh: 0 };
    const send = async () => {
      counted.sent += 1;
      const refusal = left.shift();
      if (refusal !== undefined) throw refusal;
      return "answered";
    };
    const outcome = withFreshToken(send, async () => {
      counted.fresh += 1;
    });
    if (ends === undefined) expect(await outcome).toBe("answered");
    else await expect(outcome).rejects.toBeInstanceOf(ends);
    expect(counted).toEqual({ sent, fresh });
  },
);
