import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { sql } from "kysely";
import { Probot } from "probot";
import { PostgresDeliveryStore } from "../../src/adapters/postgres/delivery-store.ts";
import { postgresGateRuns } from "../../src/adapters/postgres/gate-runs.ts";
import { postgresGenerations } from "../../src/adapters/postgres/generations.ts";
import { postgresHeldFixtures } from "../../src/adapters/postgres/held-fixtures.ts";
import { openInbox } from "../../src/adapters/postgres/inbox.ts";
import { postgresIncidentRecords } from "../../src/adapters/postgres/incident-records.ts";
import { postgresLastConfigs } from "../../src/adapters/postgres/last-configs.ts";
import { type Database, openDatabase } from "../../src/adapters/postgres/open-database.ts";
import { PgBossQueue } from "../../src/adapters/postgres/pg-boss-queue.ts";
import { type RunningInbox, startInbox } from "../../src/app/inbox.ts";
import type { JobDeps } from "../../src/app/jobs/deps.ts";
import { runDraftFixtures } from "../../src/app/jobs/draft-fixtures.ts";
import { runGatePullRequest } from "../../src/app/jobs/gate-pull-request.ts";
import { absorbs, JOB_POLICIES, type Job, jobKey, jobSchema, RETIRED_KINDS } from "../../src/app/jobs/job.ts";
import { listenToEvents } from "../../src/app/webhooks.ts";
import { type JobHandlers, startWorker } from "../../src/app/worker.ts";
import { CHECK_NAMES } from "../../src/core/report/check-run.ts";
import { sameHandlers } from "../build/handlers.ts";
import {
  aJobWorld,
  anIncidentBody,
  CAREFUL,
  CARELESS,
  type JobWorld,
  PROMPT,
  pullRequestOf,
} from "../build/job-world.ts";
import { A_WEBHOOK_SECRET, aPrivateKey } from "../build/keys.ts";
import { aReadableLog } from "../build/log.ts";
import { memoryDatabase } from "../build/memory-database.ts";
import { fakeOverseers } from "../build/overseers.ts";
import { until } from "../build/until.ts";

const RUNS = 4;
const STOP_MS = 1_000;
const APP_ID = 1;
const { log } = aReadableLog();
/** The world of each repository, by its name. */
const worlds = new Map<string, JobWorld>();
let database: Database;
let queue: PgBossQueue<Job>;
let deliveries: PostgresDeliveryStore;
let inbox: RunningInbox;

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
    { onTrouble: (trouble) => log.error({ err: trouble }, "trouble"), pollSeconds: 0.5 },
  );
  deliveries = new PostgresDeliveryStore(database.kysely);
  await startWorker(queue, handlers(), log, fakeOverseers());
  inbox = startInbox({
    inbox: await openInbox(database, (transaction, jobs: readonly Job[]) =>
      queue.enqueueWithin(transaction, jobs),
    ),
    hear: listenToEvents(aProbot(), {
      appId: APP_ID,
      apiUrl: "https://api.github.test",
      searchPullRequests: async (repo, headSha) =>
        (await postgresGateRuns(database.kysely).searchByHead(repo, headSha)).map((run) => run.pullRequest),
    }),
    log,
    metrics: { note: () => undefined },
    now: () => new Date(),
    pollMs: 10,
    pauseMs: 0,
    chance: () => 0,
  });
});

afterAll(async () => {
  await inbox.stop();
  await queue.stop(STOP_MS);
  await database.close();
});

function aProbot(): Probot {
  return new Probot({ appId: APP_ID, privateKey: aPrivateKey(), secret: A_WEBHOOK_SECRET, log });
}

function handlers(): JobHandlers {
  const nothing = { run: async () => undefined, onGivenUp: async () => undefined };
  return {
    ...sameHandlers(nothing),
    "draft-fixtures": { ...nothing, run: (job, turn) => runDraftFixtures(job, turn, depsOf(job)) },
    "gate-pull-request": { ...nothing, run: (job, turn) => runGatePullRequest(job, turn, depsOf(job)) },
  };
}

/** The store and the queue are real; GitHub, the model and the clock are those of the repository's world. */
function depsOf({ repo }: { readonly repo: string }): JobDeps {
  const world = worlds.get(repo);
  if (world === undefined) throw new Error(`no test has the repository ${repo}`);
  const { kysely } = database;
  return {
    ...world.deps,
    newId: randomUUID,
    queue,
    incidents: postgresIncidentRecords(kysely),
    gateRuns: postgresGateRuns(kysely),
    lastConfigs: postgresLastConfigs(kysely),
    heldFixtures: postgresHeldFixtures(kysely),
    generations: postgresGenerations(kysely),
  };
}

/** An event as GitHub sends it. */
interface Event {
  readonly event: string;
  readonly payload: object;
}

/** A world in which all has happened, and the events that tell of it in the order in which it did. */
async function aStory(): Promise<{ readonly world: JobWorld; readonly events: readonly Event[] }> {
  const world = aJobWorld();
  const { gitHub, people } = world;
  const incident = await people.fileIssue({
    title: "It refunded",
    body: anIncidentBody(),
    labels: ["incident"],
    author: "tom",
  });
  const propose = (prompt: string) => world.propose({ [PROMPT]: prompt });
  const [moved, closed, twin, idle] = [
    propose(CARELESS),
    propose(CARELESS),
    propose(CARELESS),
    propose(CAREFUL),
  ];
  const older = pullRequestOf(gitHub, moved).head.sha;
  await world.push(moved, { "README.md": "# Moved\n" });
  world.change(closed, { state: "closed" });
  world.change(twin, { head: pullRequestOf(gitHub, idle).head });
  const issue = { number: incident, labels: [{ name: "incident" }] };
  const onIssue = (action: string) => ({ event: "issues", payload: { action, issue } });
  const onPull = (action: string, number: number, more: object = {}) => ({
    event: "pull_request",
    payload: { action, number, pull_request: { number }, ...more },
  });
  const check = { name: CHECK_NAMES.blocking, head_sha: older, pull_requests: [{ number: moved }] };
  const comment = { id: 9_001, body: "/incident-to-eval help", user: { login: "wanda", type: "User" } };
  return {
    world,
    events: [
      onIssue("opened"),
      onIssue("labeled"),
      onIssue("labeled"),
      onIssue("edited"),
      onPull("opened", moved),
      onPull("synchronize", moved),
      { event: "check_run", payload: { action: "rerequested", check_run: check } },
      onPull("opened", closed),
      onPull("closed", closed),
      onPull("opened", twin),
      onPull("edited", twin, { changes: { base: { ref: { from: "release" } } } }),
      onPull("opened", idle),
      {
        event: "issue_comment",
        payload: { action: "created", issue: { number: moved, pull_request: {} }, comment },
      },
    ],
  };
}

/** Sends the events in this order, those whose places are named twice, and waits until nothing is left to do. */
async function endAfter(order: readonly number[], twice: readonly number[]): Promise<unknown> {
  const { world, events } = await aStory();
  const repo = `story-${worlds.size}`;
  worlds.set(repo, world);
  const common = {
    installation: { id: 77 },
    repository: { id: worlds.size, name: repo, owner: { login: "acme" } },
    sender: { login: "tom", type: "User" },
  };
  const sent = order.map((place) => ({ id: `${repo}-${place}`, ...events[place] }));
  for (const { id, event = "", payload } of [...sent, ...sent.filter((_, place) => twice.includes(place))]) {
    const body = JSON.stringify({ ...common, ...payload });
    await deliveries.saveDelivery({ id, event, payload: body, receivedAt: new Date() });
    inbox.wake();
  }
  await until(async () => (await leftToDo(repo)) === 0);
  return endOf(world);
}

async function leftToDo(repo: string): Promise<number> {
  const { rows } = await sql<{ left: number }>`
    select ((select count(*) from incident_to_eval.deliveries where id like ${`${repo}-%`} and state <> 'processed')
      + (select count(*) from pgboss.job where data ->> 'repo' = ${repo} and state < 'completed'))::int as left
  `.execute(database.kysely);
  return rows[0]?.left ?? 0;
}

/** What people see in the end; how often something was tried on the way there is not a part of it, nor which number a draft got. */
function endOf({ gitHub, checksOn }: JobWorld): unknown {
  const pulls = [...gitHub.pullRequestList.values()];
  const isDraft = (pull: { readonly head: { readonly branch: string } }) =>
    pull.head.branch.startsWith("incident-to-eval/");
  const withoutNumber = (text: string) => text.replaceAll(/(pull request |\/pull\/)\d+/g, "$1…");
  return {
    comments: gitHub.comments.map(({ issue, body }) => `${issue}: ${withoutNumber(body)}`).toSorted(),
    drafts: pulls.filter(isDraft).map(({ title, body, head }) => [title, body, head.branch]),
    checks: pulls
      .filter((pull) => !isDraft(pull))
      .map(({ number, head }) => [number, newestOf(checksOn(head.sha))]),
    open: [...gitHub.checkList.values()].filter(({ state }) => state.kind === "in_progress"),
  };
}

/** The newest check of each name, which is the one that GitHub goes by. */
function newestOf(oldestFirst: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(oldestFirst.map((check) => check.split(": ", 2)));
}

test("deliveries in any order, some of them twice, come to the same end", async () => {
  const { events } = await aStory();
  const places = events.map((_, place) => place);
  const expected = await endAfter(places, []);
  expect(expected).toMatchObject({
    comments: [expect.anything(), expect.anything()],
    drafts: [expect.anything()],
    open: [],
  });
  const anOrder = fc.shuffledSubarray(places, { minLength: places.length });
  await fc.assert(
    fc.asyncProperty(anOrder, fc.subarray(places), async (order, twice) => {
      expect(await endAfter(order, twice)).toEqual(expected);
    }),
    { numRuns: RUNS },
  );
});
