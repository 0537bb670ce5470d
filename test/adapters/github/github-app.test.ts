import { generateKeyPairSync } from "node:crypto";
import { Writable } from "node:stream";
import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import pino from "pino";
import { createGitHubApp, createUserGitHub } from "../../../src/adapters/github/github-app.ts";
import { memoryBlobs } from "../../../src/adapters/github/memory-blobs.ts";
import { memoryCreations } from "../../../src/adapters/github/memory-creations.ts";
import { API, APP_ID, AT, listeningLog, TOKEN } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

const privateKey = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs1", format: "pem" })
  .toString();

function anApp() {
  const lines: string[] = [];
  const stream = new Writable({
    write(line, _encoding, done) {
      lines.push(String(line));
      done();
    },
  });
  const app = createGitHubApp({
    appId: APP_ID,
    privateKey,
    secret: "a-secret-of-at-least-thirty-two-characters",
    baseUrl: `${API}/`,
    log: pino({ level: "trace" }, stream),
    blobs: memoryBlobs(),
    creations: memoryCreations(),
  });
  return { app, lines };
}

function answers() {
  return nock(API).defaultReplyHeaders({ "content-type": "application/json" });
}

function answerToken(scope = answers(), installationId = 77) {
  return scope.post(`/app/installations/${installationId}/access_tokens`).reply(201, {
    token: TOKEN,
    expires_at: new Date(Date.now() + 3_600_000).toISOString(),
    permissions: {},
    repository_selection: "all",
  });
}

test("connecting asks GitHub for nothing, and one token serves many calls", async () => {
  const { app } = anApp();
  const github = await app.connect(77, "acme", "support-agent");
  answerToken();
  answers().get(`${AT}/pulls/1`).twice().reply(404, { message: "Not Found" });
  await github.pullRequests.fetchPullRequest(1);
  await github.pullRequests.fetchPullRequest(1);
  expect(nock.pendingMocks()).toEqual([]);
});

test("Probot's own retries and waits are off: a reaction is posted once, a limit comes back at once", async () => {
  const { app } = anApp();
  const { issues } = await app.connect(77, "acme", "support-agent");
  answerToken();
  answers()
    .post(`${AT}/issues/comments/9/reactions`)
    .reply(502, {})
    .post(`${AT}/issues/comments/9/reactions`)
    .reply(403, { message: "You have exceeded a secondary rate limit." }, { "retry-after": "60" })
    .post(`${AT}/issues/comments/9/reactions`)
    .reply(201, {});
  await expect(issues.react(9, "eyes")).rejects.toMatchObject({ status: 502, retryable: true });
  await expect(issues.react(9, "eyes")).rejects.toMatchObject({ status: 403, retryAfterMs: 60_000 });
  expect(nock.pendingMocks()).toHaveLength(1);
});

test("a token that GitHub does not know yet is tried again", async () => {
  const { app } = anApp();
  const { pullRequests } = await app.connect(77, "acme", "support-agent");
  answerToken();
  answers()
    .get(`${AT}/pulls/1`)
    .reply(401, { message: "Bad credentials" })
    .get(`${AT}/pulls/1`)
    .reply(404, { message: "Not Found" });
  expect(await pullRequests.fetchPullRequest(1)).toBeUndefined();
});

test("an installation that is gone is a failure for good", async () => {
  const { app } = anApp();
  const { repository } = await app.connect(77, "acme", "support-agent");
  answers().post("/app/installations/77/access_tokens").reply(404, { message: "Not Found" });
  await expect(repository.fetchDefaultTip()).rejects.toMatchObject({
    retryable: false,
    status: 404,
    message: expect.stringContaining("the app is not installed there"),
  });
});

test("a limit of one installation stops all its repositories, and no other installation", async () => {
  const { app } = anApp();
  const refunds = await app.connect(77, "acme", "support-agent");
  const other = await app.connect(77, "acme", "other");
  const elsewhere = await app.connect(78, "acme", "support-agent");
  answerToken();
  answerToken(answers(), 78);
  answers()
    .get(`${AT}/pulls/1`)
    .reply(429, { message: "Too many" }, { "retry-after": "600" })
    .get(`${AT}/pulls/1`)
    .reply(404, { message: "Not Found" });
  const limited = { retryable: true, retryAfterMs: expect.any(Number) };
  await expect(refunds.pullRequests.fetchPullRequest(1)).rejects.toMatchObject({ ...limited, status: 429 });
  await expect(other.pullRequests.fetchPullRequest(1)).rejects.toMatchObject({
    ...limited,
    status: undefined,
  });
  expect(await elsewhere.pullRequests.fetchPullRequest(1)).toBeUndefined();
});

test("neither token, key nor what we send reaches the log, at any level", async () => {
  const { app, lines } = anApp();
  const { issues } = await app.connect(77, "acme", "support-agent");
  answerToken();
  answers()
    .get("/app")
    .reply(200, { id: APP_ID, slug: "incident-to-eval" })
    .get(`${AT}/issues/7/comments`)
    .query(true)
    .reply(200, [])
    .post(`${AT}/issues/7/comments`)
    .reply(422, { message: "Validation Failed: the customer's words" });
  await expect(issues.publishComment(7, "incident", "the customer's words")).rejects.toMatchObject({
    status: 422,
  });
  const logged = lines.join("");
  expect(logged).toContain("/issues/7/comments - 422");
  expect(logged).not.toContain("customer's words");
  expect(logged).not.toContain(TOKEN);
  expect(logged).not.toMatch(/PRIVATE KEY|[Bb]earer /);
});

test("a delivery that is handled, and one whose handler fails, is logged without its payload", async () => {
  const { app, lines } = anApp();
  app.probot.on("issues.opened", () => {
    throw new Error("the queue is full");
  });
  const payload = { action: "opened", issue: { body: "the customer's words" }, installation: { id: 77 } };
  const delivery = { id: "d1", name: "issues", payload } as unknown as Parameters<
    typeof app.probot.receive
  >[0];
  await expect(app.probot.receive(delivery)).rejects.toThrow("the queue is full");
  const logged = lines.join("");
  expect(logged).toContain("Webhook received");
  expect(logged).toContain("the queue is full");
  expect(logged).not.toContain("customer's words");
});

test("who we are is asked once, and again only after a failure", async () => {
  const { app } = anApp();
  answers().get("/app").reply(404, {}).get("/app").reply(200, { id: APP_ID, slug: "our-app" });
  await expect(app.fetchIdentity()).rejects.toMatchObject({ status: 404 });
  expect(await app.fetchIdentity()).toEqual({ login: "our-app[bot]", appId: APP_ID });
  expect(await app.fetchIdentity()).toEqual({ login: "our-app[bot]", appId: APP_ID });
});

test("a person's token comments under the person's name", async () => {
  const github = createUserGitHub({
    token: TOKEN,
    baseUrl: `${API}/`,
    owner: "acme",
    repo: "support-agent",
    log: listeningLog(),
  });
  const comment = {
    id: 3,
    body: "<!-- incident-to-eval:incident -->\nHello",
    user: { login: "wanda" },
    html_url: "u",
  };
  answers()
    .get("/user")
    .reply(200, { login: "wanda" })
    .get(`${AT}/issues/7/comments`)
    .query(true)
    .reply(200, [comment])
    .patch(`${AT}/issues/comments/3`)
    .reply(200, comment);
  expect(await github.issues.publishComment(7, "incident", "Hello")).toBe("u");
});
