import { createHmac } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Probot } from "probot";
import { PostgresDeliveryStore } from "../../src/adapters/postgres/delivery-store.ts";
import { openInbox } from "../../src/adapters/postgres/inbox.ts";
import { type Database, openDatabase } from "../../src/adapters/postgres/open-database.ts";
import { PgBossQueue } from "../../src/adapters/postgres/pg-boss-queue.ts";
import { type Front, startFront, WEBHOOK_PATH } from "../../src/app/http-front.ts";
import { type RunningInbox, startInbox } from "../../src/app/inbox.ts";
import { absorbs, JOB_POLICIES, type Job, jobKey, jobSchema, RETIRED_KINDS } from "../../src/app/jobs/job.ts";
import { listenToEvents } from "../../src/app/webhooks.ts";
import { startWorker } from "../../src/app/worker.ts";
import { sameHandlers } from "../build/handlers.ts";
import { A_WEBHOOK_SECRET, aPrivateKey } from "../build/keys.ts";
import { aReadableLog } from "../build/log.ts";
import { memoryDatabase } from "../build/memory-database.ts";
import { fakeOverseers } from "../build/overseers.ts";
import { until } from "../build/until.ts";

const STOP_MS = 1_000;
const readable = aReadableLog();
const done: Job[] = [];
let database: Database;
let queue: PgBossQueue<Job>;
let deliveries: PostgresDeliveryStore;
let inbox: RunningInbox;
let front: Front;

const NOTE = { run: async (job: Job) => void done.push(job), onGivenUp: async () => undefined };

beforeAll(async () => {
  database = await openDatabase(await memoryDatabase());
  queue = await PgBossQueue.open<Job>(
    database,
    {
      policies: JOB_POLICIES,
      retired: RETIRED_KINDS,
      read: (stored) => jobSchema.parse(stored),
      keyOf: jobKey,
      absorbs,
    },
    { onTrouble: (trouble) => readable.log.error({ err: trouble }, "trouble"), pollSeconds: 0.5 },
  );
  deliveries = new PostgresDeliveryStore(database.kysely);
  await startWorker(queue, sameHandlers(NOTE), readable.log, fakeOverseers());
  inbox = startInbox({
    inbox: await openInbox(database, (transaction, jobs: readonly Job[]) =>
      queue.enqueueWithin(transaction, jobs),
    ),
    hear: listenToEvents(aProbot(), {
      appId: 1,
      apiUrl: "https://api.github.test",
      searchPullRequests: async () => [],
    }),
    log: readable.log,
    metrics: { note: () => undefined },
    now: () => new Date(),
    pollMs: 10,
    pauseMs: 0,
    chance: () => 0,
  });
  front = await startFront({
    host: "127.0.0.1",
    port: 0,
    webhooks: { secrets: [A_WEBHOOK_SECRET], saveDelivery: (delivery) => deliveries.saveDelivery(delivery) },
    fetchReasonsNotReady: async () => [],
    pages: [],
    log: readable.log,
    now: () => new Date(),
  });
});

afterAll(async () => {
  await front.stop();
  await inbox.stop();
  await queue.stop(STOP_MS);
  await database.close();
});

function aProbot(): Probot {
  return new Probot({
    appId: 1,
    privateKey: aPrivateKey(),
    secret: A_WEBHOOK_SECRET,
    log: readable.log,
  });
}

const guid = (count: number) => `72d3162e-cc78-11e3-81ab-4c9367dc095${count}`;

async function deliver(id: string, event: string, payload: object): Promise<number> {
  const body = JSON.stringify(payload);
  const response = await fetch(front.url + WEBHOOK_PATH, {
    method: "POST",
    body,
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": id,
      "x-hub-signature-256": `sha256=${createHmac("sha256", A_WEBHOOK_SECRET).update(body).digest("hex")}`,
    },
  });
  return response.status;
}

const untilState = (id: string, state: string) =>
  until(async () => (await deliveries.fetchDelivery(id))?.state === state);

const opened = (issue: number) => ({
  action: "opened",
  installation: { id: 77 },
  repository: { name: "refunds", owner: { login: "acme" } },
  sender: { login: "mara", type: "User" },
  issue: { number: issue, labels: [{ name: "incident" }], body: "a customer's story" },
});

test("a webhook becomes the job that it asks for, once, however often it is delivered", async () => {
  expect(await deliver(guid(1), "issues", opened(12))).toBe(202);
  await untilState(guid(1), "processed");
  await until(() => done.length === 1);
  expect(done).toEqual([
    {
      kind: "draft-fixtures",
      installationId: 77,
      owner: "acme",
      repo: "refunds",
      issue: 12,
      delivery: guid(1),
      actor: "mara",
      cause: { kind: "opened" },
    },
  ]);
  expect(await deliver(guid(1), "issues", opened(12))).toBe(200);
  expect(done).toHaveLength(1);
});

test("a webhook that nobody listens to is processed and asks for nothing", async () => {
  expect(await deliver(guid(2), "star", { action: "created" })).toBe(202);
  await untilState(guid(2), "processed");
});

test("a webhook that cannot be read fails, may be delivered again, and its text is not logged", async () => {
  const broken = { ...opened(13), installation: undefined };
  expect(await deliver(guid(3), "issues", broken)).toBe(202);
  await untilState(guid(3), "failed");
  expect(await deliver(guid(3), "issues", opened(13))).toBe(202);
  await untilState(guid(3), "processed");
  expect(readable.text()).not.toContain("a customer's story");
});
