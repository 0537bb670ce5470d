import { afterAll, afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import { createGitHubApp } from "../../../src/adapters/github/github-app.ts";
import { memoryBlobs } from "../../../src/adapters/github/memory-blobs.ts";
import { memoryCreations } from "../../../src/adapters/github/memory-creations.ts";
import type { GitHubRequest } from "../../../src/adapters/github/watched-fetch.ts";
import { knownSecrets } from "../../../src/app/known-secrets.ts";
import { aPrivateKey } from "../../build/keys.ts";
import { aReadableLog } from "../../build/log.ts";
import { API, AT, TOKEN } from "../../build/recorded-github.ts";

const SECRET = 'key/of+the "provider"';

afterEach(() => nock.cleanAll());
afterAll(() => nock.restore());

function watchedApp() {
  const secrets = knownSecrets([SECRET]);
  const requests: GitHubRequest[] = [];
  const { log, lines } = aReadableLog();
  const { connect } = createGitHubApp({
    appId: 4_711,
    privateKey: aPrivateKey(),
    secret: "a-secret-of-at-least-thirty-two-characters",
    baseUrl: API,
    log: aReadableLog().log,
    blobs: memoryBlobs(),
    creations: memoryCreations(),
    watch: {
      stripJsonText: secrets.stripJsonText,
      onToken: secrets.learn,
      onRequest: (request) => requests.push(request),
    },
  });
  return { issues: connect(77, "acme", "support-agent", log).then(({ issues }) => issues), lines, requests };
}

function answers() {
  return nock(API).defaultReplyHeaders({
    "content-type": "application/json",
    "x-github-request-id": "D5F2:3A",
    "x-ratelimit-remaining": "4321",
  });
}

function answerToken() {
  const token = { token: TOKEN, expires_at: new Date(Date.now() + 3_600_000).toISOString() };
  answers().post("/app/installations/77/access_tokens").reply(201, token);
}

test.each([
  ["plain", SECRET],
  ["in base64, inside more", Buffer.from(`user:${SECRET}, and so on`).toString("base64")],
  ["in an address", `https://x/?k=${encodeURIComponent(SECRET)}`],
  ["in hex", Buffer.from(SECRET).toString("hex")],
  ["the token of the very installation", TOKEN],
  ["that token in base64", Buffer.from(`x-access-token:${TOKEN}`).toString("base64")],
])("a secret does not reach GitHub in a body: %s", async (_how, form) => {
  const { issues } = watchedApp();
  answerToken();
  let sent = "";
  answers()
    .post(`${AT}/issues/comments/9/reactions`, (body) => {
      sent = JSON.stringify(body);
      return true;
    })
    .reply(201, {});
  const { react } = await issues;
  // What is posted is the adapter's business; here the content of a reaction stands for any text.
  await react(9, form as "eyes");
  expect(sent).toContain("[secret]");
  expect(sent).not.toContain(JSON.stringify(form).slice(1, -1));
});

test("every request is told of with whose it was and what GitHub still allows", async () => {
  const { issues, requests } = watchedApp();
  answerToken();
  answers().get(`${AT}/issues/3`).reply(404, { message: "Not Found" });
  await (await issues).fetchIssue(3);
  expect(requests).toEqual([
    { installationId: undefined, status: 201, isLimited: false, remaining: 4321 },
    { installationId: 77, status: 404, isLimited: false, remaining: 4321 },
  ]);
});

test.each([
  [403, { "retry-after": "60" }, true],
  [403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" }, true],
  [429, {}, true],
  [403, {}, false],
] as const)("status %i with %j counts as limited: %s", async (status, headers, isLimited) => {
  const { issues, requests } = watchedApp();
  answerToken();
  answers().get(`${AT}/issues/3`).reply(status, { message: "no" }, headers);
  await expect((await issues).fetchIssue(3)).rejects.toMatchObject({ status });
  expect(requests.at(-1)).toMatchObject({ status, isLimited });
});

test("what changes something is logged with its place and GitHub's name for it, done or refused, and not what it says", async () => {
  const { issues, lines } = watchedApp();
  answerToken();
  answers()
    .post(`${AT}/issues/comments/9/reactions`)
    .reply(201, {})
    .post(`${AT}/issues/comments/9/reactions`)
    .reply(500, {})
    .get(`${AT}/issues/3`)
    .reply(404, {});
  const { react, fetchIssue } = await issues;
  await react(9, "eyes");
  await expect(react(9, "eyes")).rejects.toMatchObject({ status: 500 });
  await fetchIssue(3);
  const action = `POST ${AT}/issues/comments/9/reactions`;
  expect(lines()).toEqual([
    expect.objectContaining({ msg: "wrote to GitHub", action, status: 201, githubRequest: "D5F2:3A" }),
    expect.objectContaining({ msg: "wrote to GitHub", action, status: 500, githubRequest: "D5F2:3A" }),
  ]);
  expect(JSON.stringify(lines())).not.toContain("eyes");
});
