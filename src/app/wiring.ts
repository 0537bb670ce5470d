import { createHash, randomUUID } from "node:crypto";
import { createGitHubApp, type GitHubApp } from "../adapters/github/github-app.ts";
import { postgresBlobs } from "../adapters/postgres/blobs.ts";
import { PostgresDeliveryStore } from "../adapters/postgres/delivery-store.ts";
import { postgresGateRuns } from "../adapters/postgres/gate-runs.ts";
import { postgresGenerations } from "../adapters/postgres/generations.ts";
import { postgresHeartbeat } from "../adapters/postgres/heartbeat.ts";
import { postgresHeldFixtures } from "../adapters/postgres/held-fixtures.ts";
import { openInbox } from "../adapters/postgres/inbox.ts";
import { postgresIncidentRecords } from "../adapters/postgres/incident-records.ts";
import { postgresLastConfigs } from "../adapters/postgres/last-configs.ts";
import { type Database, type DatabasePlace, openDatabase } from "../adapters/postgres/open-database.ts";
import { PgBossQueue } from "../adapters/postgres/pg-boss-queue.ts";
import { makeSecretlintRedactor } from "../adapters/redaction/secretlint-redactor.ts";
import type { Environment } from "./env.ts";
import { startFront } from "./http-front.ts";
import { type RunningInbox, startInbox } from "./inbox.ts";
import type { JobDeps } from "./jobs/deps.ts";
import { absorbs, JOB_POLICIES, type Job, jobKey, jobSchema, RETIRED_KINDS } from "./jobs/job.ts";
import { jobHandlers } from "./jobs/job-handlers.ts";
import type { ReconcileDeps } from "./jobs/reconcile.ts";
import type { Logger } from "./log.ts";
import { modelsOf } from "./models.ts";
import { readiness } from "./readiness.ts";
import { listenToEvents } from "./webhooks.ts";
import { startWorker } from "./worker.ts";

/** What other processes stored is found this late at most; a batch every 20 ms costs little and is soon enough. */
const INBOX_PACE = { pollMs: 200, pauseMs: 20 } as const;

/** A running server. */
export interface RunningServer {
  readonly url: string;
  /** Takes nothing more, waits for what runs up to the given time, and closes the store. */
  stop(drainMs: number): Promise<void>;
}

/** Puts the server together and starts what its role asks for. */
export async function startServer(
  environment: Environment,
  log: Logger,
  place: DatabasePlace = environment.database,
): Promise<RunningServer> {
  const database = await openDatabase(place);
  try {
    return await serve(environment, log, database);
  } catch (cause) {
    await database.close();
    throw cause;
  }
}

async function serve(environment: Environment, log: Logger, database: Database): Promise<RunningServer> {
  const { role, http, app } = environment;
  const queue = await PgBossQueue.open<Job>(
    database,
    {
      policies: JOB_POLICIES,
      retired: RETIRED_KINDS,
      read: (stored) => jobSchema.parse(stored),
      keyOf: jobKey,
      absorbs,
    },
    { onTrouble: (trouble) => log.error({ err: trouble }, "the queue met trouble") },
  );
  const gitHub = createGitHubApp({
    appId: app.id,
    privateKey: app.privateKey,
    secret: app.webhookSecrets[0] ?? "",
    baseUrl: environment.githubApiUrl,
    log,
    blobs: postgresBlobs(database.kysely),
  });
  const deliveries = new PostgresDeliveryStore(database.kysely);
  const deps = jobDeps(environment, database, queue, gitHub, deliveries);
  let inbox: RunningInbox | undefined;
  if (role !== "web") {
    await startWorker(queue, jobHandlers(deps), log);
    await queue.enqueue({ kind: "reconcile" });
    inbox = startInbox({
      inbox: await openInbox(database, (transaction, jobs: readonly Job[]) =>
        queue.enqueueWithin(transaction, jobs),
      ),
      hear: listenToEvents(gitHub.probot, {
        appId: app.id,
        searchPullRequests: async (repo, headSha) =>
          (await deps.gateRuns.searchByHead(repo, headSha)).map(({ pullRequest }) => pullRequest),
      }),
      log,
      ...INBOX_PACE,
      chance: Math.random,
    });
  }
  const front = await startFront({
    host: http.host,
    port: http.port,
    webhooks:
      role === "worker"
        ? undefined
        : {
            secrets: app.webhookSecrets,
            async saveDelivery(delivery) {
              const saved = await deliveries.saveDelivery(delivery);
              inbox?.wake();
              return saved;
            },
          },
    fetchReasonsNotReady: readiness({
      writeHeartbeat: postgresHeartbeat(database.kysely),
      fetchIdentity: gitHub.fetchIdentity,
      now: deps.now,
    }),
    pages: [],
    log,
    now: deps.now,
  });
  return {
    url: front.url,
    async stop(drainMs) {
      await front.stop();
      await inbox?.stop();
      await queue.stop(drainMs);
      await database.close();
    },
  };
}

type ServerDeps = JobDeps & ReconcileDeps;

function jobDeps(
  environment: Environment,
  { kysely }: Database,
  queue: PgBossQueue<Job>,
  gitHub: GitHubApp,
  deliveries: PostgresDeliveryStore,
): ServerDeps {
  return {
    connect: gitHub.connect,
    deliveries,
    blobs: postgresBlobs(kysely),
    incidents: postgresIncidentRecords(kysely),
    gateRuns: postgresGateRuns(kysely),
    lastConfigs: postgresLastConfigs(kysely),
    heldFixtures: postgresHeldFixtures(kysely),
    generations: postgresGenerations(kysely),
    redactor: makeSecretlintRedactor(),
    queue,
    models: modelsOf(environment),
    now: () => new Date(),
    elapsedMs: () => performance.now(),
    newId: randomUUID,
    digest: (text) => createHash("sha256").update(text).digest("hex"),
  };
}
