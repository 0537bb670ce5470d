import { createHash, randomUUID } from "node:crypto";
import { createGitHubApp, type GitHubApp } from "../adapters/github/github-app.ts";
import { postgresBlobs } from "../adapters/postgres/blobs.ts";
import { postgresCreations } from "../adapters/postgres/creations.ts";
import { PostgresDeliveryStore } from "../adapters/postgres/delivery-store.ts";
import { postgresGateRuns } from "../adapters/postgres/gate-runs.ts";
import { postgresGenerations } from "../adapters/postgres/generations.ts";
import { postgresHeartbeat } from "../adapters/postgres/heartbeat.ts";
import { postgresHeldFixtures } from "../adapters/postgres/held-fixtures.ts";
import { openInbox } from "../adapters/postgres/inbox.ts";
import { postgresIncidentRecords } from "../adapters/postgres/incident-records.ts";
import { postgresLastConfigs } from "../adapters/postgres/last-configs.ts";
import { postgresMissedDeliveries } from "../adapters/postgres/missed-deliveries.ts";
import { type Database, type DatabasePlace, openDatabase } from "../adapters/postgres/open-database.ts";
import { type JobWords, PgBossQueue } from "../adapters/postgres/pg-boss-queue.ts";
import { postgresRepositoryNames } from "../adapters/postgres/repository-names.ts";
import { postgresSweepMarks } from "../adapters/postgres/sweep-marks.ts";
import { makeSecretlintRedactor } from "../adapters/redaction/secretlint-redactor.ts";
import type { Environment } from "./env.ts";
import { type RunningInbox, startInbox } from "./inbox.ts";
import { absorbs, JOB_POLICIES, type Job, jobKey, jobSchema, RETIRED_KINDS } from "./jobs/job.ts";
import { type HandlerDeps, jobHandlers } from "./jobs/job-handlers.ts";
import type { Logger } from "./log.ts";
import { modelsOf } from "./models.ts";
import { readiness } from "./readiness.ts";
import { type RunningServer, runServer, type Service } from "./server.ts";
import { isHeard, listenToEvents } from "./webhooks.ts";
import { startWorker } from "./worker.ts";

/** What other processes stored is found this late at most; a batch every 20 ms costs little and is soon enough. */
const INBOX_PACE = { pollMs: 200, pauseMs: 20 } as const;

/** What is done on start, and then comes again by itself. */
const CLOCK_KINDS = ["reconcile", "sweep-deliveries", "sweep-installations"] as const;

function jobWords({ retryDelaySeconds }: Waits): JobWords<Job> {
  const policies = retryDelaySeconds === undefined ? JOB_POLICIES : retriedAfter(retryDelaySeconds);
  return {
    policies,
    retired: RETIRED_KINDS,
    read: (stored) => jobSchema.parse(stored),
    keyOf: jobKey,
    absorbs,
  };
}

function retriedAfter(retryDelaySeconds: number): typeof JOB_POLICIES {
  const entries = Object.entries(JOB_POLICIES).map(([kind, policy]) => [
    kind,
    { ...policy, retryDelaySeconds },
  ]);
  return { ...JOB_POLICIES, ...Object.fromEntries(entries) };
}

/** How long the server waits for others; default is what GitHub and outages ask for. */
export interface Waits {
  /** After this time GitHub's lists show what it was asked to create; an emulated one has no lag. */
  readonly gitHubLagMs?: number;
  /** Before a job that failed is tried for the second time. */
  readonly retryDelaySeconds?: number;
}

/** Puts the server together and starts what its role asks for. */
export function startServer(
  environment: Environment,
  log: Logger,
  place: DatabasePlace = environment.database,
  waits: Waits = {},
): Promise<RunningServer> {
  return runServer({
    environment,
    log,
    openService: () => openService(environment, log, place, waits),
    pagesOf: () => [],
  });
}

async function openService(
  environment: Environment,
  log: Logger,
  place: DatabasePlace,
  waits: Waits,
): Promise<Service> {
  const database = await openDatabase(place);
  try {
    const queue = await PgBossQueue.open<Job>(database, jobWords(waits), {
      onTrouble: (trouble) => log.error({ err: trouble }, "the queue met trouble"),
    });
    try {
      return await serve({ environment, log, database, queue, waits });
    } catch (cause) {
      await queue.stop(0);
      throw cause;
    }
  } catch (cause) {
    await database.close();
    throw cause;
  }
}

/** What is there once the store is open. */
interface Opened {
  readonly environment: Environment;
  readonly log: Logger;
  readonly database: Database;
  readonly queue: PgBossQueue<Job>;
  readonly waits: Waits;
}

/** What a server is put together from. */
interface Parts extends Omit<Opened, "waits"> {
  readonly gitHub: GitHubApp;
  readonly deliveries: PostgresDeliveryStore;
}

async function serve({ waits, ...opened }: Opened): Promise<Service> {
  const { environment, log, database, queue } = opened;
  const { app, role } = environment;
  const gitHub = createGitHubApp({
    appId: app.id,
    privateKey: app.privateKey,
    secret: app.webhookSecrets[0] ?? "",
    baseUrl: environment.githubApiUrl,
    log,
    blobs: postgresBlobs(database.kysely),
    creations: postgresCreations(database.kysely),
    lagMs: waits.gitHubLagMs,
  });
  const deliveries = new PostgresDeliveryStore(database.kysely);
  const parts = { ...opened, gitHub, deliveries };
  const deps = jobDeps(parts);
  const inbox = role === "web" ? undefined : await startWork(parts, deps);
  return {
    async saveDelivery(delivery) {
      const saved = await deliveries.saveDelivery(delivery);
      inbox?.wake();
      return saved;
    },
    fetchReasonsNotReady: readiness({
      writeHeartbeat: postgresHeartbeat(database.kysely),
      fetchIdentity: gitHub.fetchIdentity,
      now: deps.now,
    }),
    async stop(drainMs) {
      await inbox?.stop();
      await queue.stop(drainMs);
      await database.close();
    },
  };
}

async function startWork(
  { environment, log, database, queue, gitHub }: Parts,
  deps: HandlerDeps,
): Promise<RunningInbox> {
  await startWorker(queue, jobHandlers(deps), log);
  for (const kind of CLOCK_KINDS) await queue.enqueue({ kind });
  return startInbox({
    inbox: await openInbox(database, (transaction, jobs: readonly Job[]) =>
      queue.enqueueWithin(transaction, jobs),
    ),
    hear: listenToEvents(gitHub.probot, {
      appId: environment.app.id,
      searchPullRequests: async (repo, headSha) =>
        (await deps.gateRuns.searchByHead(repo, headSha)).map(({ pullRequest }) => pullRequest),
    }),
    log,
    ...INBOX_PACE,
    chance: Math.random,
  });
}

function jobDeps({ environment, log, database: { kysely }, queue, gitHub, deliveries }: Parts): HandlerDeps {
  return {
    connect: gitHub.connect,
    deliveryLog: gitHub.deliveryLog,
    installations: gitHub.installations,
    isHeard,
    log,
    deliveries,
    blobs: postgresBlobs(kysely),
    creations: postgresCreations(kysely),
    incidents: postgresIncidentRecords(kysely),
    gateRuns: postgresGateRuns(kysely),
    lastConfigs: postgresLastConfigs(kysely),
    heldFixtures: postgresHeldFixtures(kysely),
    generations: postgresGenerations(kysely),
    sweepMarks: postgresSweepMarks(kysely),
    missedDeliveries: postgresMissedDeliveries(kysely),
    repositoryNames: postgresRepositoryNames(kysely),
    redactor: makeSecretlintRedactor(),
    queue,
    models: modelsOf(environment),
    now: () => new Date(),
    elapsedMs: () => performance.now(),
    newId: randomUUID,
    digest: (text) => createHash("sha256").update(text).digest("hex"),
  };
}
