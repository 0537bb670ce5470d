import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { formToken } from "../../../src/app/dashboard/admit.ts";
import { operations } from "../../../src/app/dashboard/operations.ts";
import { dashboardPages } from "../../../src/app/dashboard/pages.ts";
import { type Front, startFront } from "../../../src/app/http-front.ts";
import type { Job } from "../../../src/app/jobs/job.ts";
import { knownSecrets } from "../../../src/app/known-secrets.ts";
import type { GivenUpJob } from "../../../src/ports/dead-letters.ts";
import { type FakeDeadLetters, fakeDeadLetters } from "../../build/fake-dead-letters.ts";
import { theFigures } from "../../build/figures.ts";
import { aGateJob } from "../../build/job-world.ts";
import { aReadableLog } from "../../build/log.ts";

const TOKEN = "0f3c5a79b1d2e4f60718293a4b5c6d7e";
const NOW = new Date("2026-11-21T10:00:00Z");
const PROGRAM = { authorization: `Bearer ${TOKEN}` };
const BROWSER = { authorization: `Basic ${Buffer.from(`olga:${TOKEN}`).toString("base64")}` };
const SAME_ORIGIN = { "sec-fetch-site": "same-origin" };

let front: Front;
let deadLetters: FakeDeadLetters;
let queued: Job[];
let woken = 0;

beforeEach(() => {
  deadLetters = fakeDeadLetters();
  queued = [];
  woken = 0;
});

beforeAll(async () => {
  const pages = dashboardPages({
    adminToken: TOKEN,
    facts: {
      version: "0.1.0",
      role: "all",
      startedAt: new Date("2026-11-21T07:00:00Z"),
      store: "PostgreSQL at db.example.com/evals",
      gitHubUrl: "https://api.github.com",
    },
    operations: () =>
      operations({
        deadLetters,
        queue: {
          async enqueue(job) {
            queued.push(job);
            return "queued";
          },
        },
        wake: () => {
          woken += 1;
        },
        fetchFigures: async () => theFigures(),
        fetchLogin: async () => "incident-to-eval[bot]",
        now: () => NOW,
      }),
    fetchReasonsNotReady: async () => ["the queue <b>lags</b>"],
    secrets: knownSecrets(["swordfish-of-the-provider"]),
    now: () => NOW,
  });
  front = await startFront({
    host: "127.0.0.1",
    port: 0,
    webhooks: undefined,
    fetchReasonsNotReady: async () => [],
    pages,
    log: aReadableLog().log,
    now: () => NOW,
  });
});

afterAll(() => front.stop());

function aLetter(change: Partial<GivenUpJob> = {}): GivenUpJob {
  return {
    id: "5f0c7e0a-1111-4222-8333-944455556666",
    kind: "gate-pull-request",
    place: "acme/agent#42",
    job: aGateJob(42),
    because: "GitHub: no answer",
    attempts: 8,
    at: new Date("2026-11-21T09:58:00Z"),
    ...change,
  };
}

async function ask(path: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(front.url + path, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

async function post(path: string, headers: Readonly<Record<string, string>>, body = "") {
  const response = await fetch(front.url + path, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body,
    redirect: "manual",
  });
  return { status: response.status, text: await response.text() };
}

test.each([
  ["without a token", {}],
  ["with another token", { authorization: `Bearer ${TOKEN}x` }],
  ["with a part of it", { authorization: `Bearer ${TOKEN.slice(1)}` }],
  ["with another password", { authorization: `Basic ${Buffer.from("olga:guess").toString("base64")}` }],
  ["with a password and no name", { authorization: `Basic ${Buffer.from(TOKEN).toString("base64")}` }],
  ["with another scheme", { authorization: `Digest ${TOKEN}` }],
])("whoever asks %s is asked who they are, and nothing is shown or done", async (_how, headers) => {
  await deadLetters.saveGivenUp(aLetter());
  for (const path of ["/", "/api/dead-letters"]) {
    const answer = await ask(path, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toContain("Basic");
    expect(answer.text).not.toContain("acme");
  }
  for (const path of [`/dead-letters/${aLetter().id}/retry`, `/api/dead-letters/${aLetter().id}/retry`])
    expect((await post(path, { ...headers, ...SAME_ORIGIN }, `token=${formToken(TOKEN)}`)).status).toBe(401);
  expect(queued).toEqual([]);
});

test("the first page tells how the process stands and what was given up, with everything escaped and no secret", async () => {
  await deadLetters.saveGivenUp(
    aLetter({ because: 'GitHub: <script>alert("1")</script> swordfish-of-the-provider' }),
  );
  await deadLetters.failDelivery("d.1", NOW);
  const { status, text, headers } = await ask("/", BROWSER);
  expect(status).toBe(200);
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  for (const shown of [
    "not ready",
    "the queue &lt;b&gt;lags&lt;/b&gt;",
    "incident-to-eval[bot]",
    "PostgreSQL at db.example.com/evals",
    "acme/agent#42",
    "tried 8 times, given up 2 min ago",
    "&lt;script&gt;",
    "[secret]",
    "delivery:d.1",
  ])
    expect(text).toContain(shown);
  expect(text).not.toContain("<script");
  expect(text).not.toContain("swordfish");
  expect(text).not.toContain(TOKEN);
});

test("a program gets the list as JSON", async () => {
  await deadLetters.saveGivenUp(aLetter({ because: "GitHub: swordfish-of-the-provider" }));
  const { status, text } = await ask("/api/dead-letters", PROGRAM);
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({
    total: 1,
    deadLetters: [
      {
        id: aLetter().id,
        kind: "gate-pull-request",
        place: "acme/agent#42",
        because: "GitHub: [secret]",
        attempts: 8,
        at: "2026-11-21T09:58:00.000Z",
      },
    ],
  });
});

test("what is tried again is queued as it was, and off the list with who decided", async () => {
  await deadLetters.saveGivenUp(aLetter());
  const path = `/dead-letters/${aLetter().id}/retry`;
  expect((await post(path, { ...BROWSER, ...SAME_ORIGIN }, `token=${formToken(TOKEN)}`)).status).toBe(303);
  expect(queued).toEqual([aGateJob(42)]);
  expect(deadLetters.decisions).toEqual([{ id: aLetter().id, how: "retried", by: "olga", at: NOW }]);
  expect((await post(path, { ...BROWSER, ...SAME_ORIGIN }, `token=${formToken(TOKEN)}`)).status).toBe(409);
  expect(queued).toHaveLength(1);
});

test("a delivery that is tried again waits again, and the inbox is told", async () => {
  await deadLetters.failDelivery("d.1", NOW);
  expect((await post("/api/dead-letters/delivery:d.1/retry", PROGRAM)).status).toBe(200);
  expect(await deadLetters.waitingDeliveries()).toEqual(["d.1"]);
  expect(woken).toBe(1);
});

test("what is dismissed is off the list and not done", async () => {
  await deadLetters.saveGivenUp(aLetter());
  const path = `/dead-letters/${aLetter().id}/dismiss`;
  expect((await post(path, { ...BROWSER, ...SAME_ORIGIN }, `token=${formToken(TOKEN)}`)).status).toBe(303);
  expect(queued).toEqual([]);
  expect(deadLetters.decisions).toMatchObject([{ how: "dismissed", by: "olga" }]);
});

test.each([
  ["from another site", { "sec-fetch-site": "cross-site" }, true],
  ["from another part of the site", { "sec-fetch-site": "same-site" }, true],
  ["by an old browser from another origin", { origin: "https://evil.example" }, true],
  ["by an old browser that does not say from where", { origin: "null" }, true],
  ["from our origin without the form's token", SAME_ORIGIN, false],
])("a form that is sent %s does nothing", async (_how, headers, withToken) => {
  await deadLetters.saveGivenUp(aLetter());
  const body = withToken ? `token=${formToken(TOKEN)}` : "token=guess";
  const path = `/dead-letters/${aLetter().id}/retry`;
  expect((await post(path, { ...BROWSER, ...headers }, body)).status).toBe(403);
  expect(queued).toEqual([]);
});

test("an old browser's form from our own origin is taken", async () => {
  await deadLetters.saveGivenUp(aLetter());
  const path = `/dead-letters/${aLetter().id}/retry`;
  const headers = { ...BROWSER, origin: front.url };
  expect((await post(path, headers, `token=${formToken(TOKEN)}`)).status).toBe(303);
});

test("a browser's password does not open what is meant for programs, since any page can have it sent", async () => {
  await deadLetters.saveGivenUp(aLetter());
  expect((await post(`/api/dead-letters/${aLetter().id}/retry`, BROWSER)).status).toBe(403);
  expect(queued).toEqual([]);
});

test.each([
  ["job-9", 404],
  ["delivery:d.9", 404],
  ["..%2f..", 404],
])("%s, which is not on the list, is answered %i", async (id, status) => {
  expect((await post(`/api/dead-letters/${id}/retry`, PROGRAM)).status).toBe(status);
});

test("a job that this version does not read stays on the list", async () => {
  await deadLetters.saveGivenUp(aLetter({ job: { kind: "of-another-time" } }));
  const { status, text } = await post(`/api/dead-letters/${aLetter().id}/retry`, PROGRAM);
  expect(status).toBe(409);
  expect(text).toContain("older version");
  expect((await deadLetters.searchOpen(1)).total).toBe(1);
});
