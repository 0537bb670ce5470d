import { createHash, randomUUID } from "node:crypto";
import { createGitHubApp, type GitHubApp } from "../adapters/github/github-app.ts";
import { postgresBlobs } from "../adapters/postgres/blobs.ts";
import { postgresBranchResults } from "../adapters/postgres/branch-results.ts";
import { postgresCreations } from "../adapters/postgres/creations.ts";
import { postgresDeadLetters } from "../adapters/postgres/dead-letters.ts";
import { postgresDecisions } from "../adapters/postgres/decisions.ts";
import { PostgresDeliveryStore } from "../adapters/postgres/delivery-store.ts";
import { postgresFigures } from "../adapters/postgres/figures.ts";
import { postgresFixtureOutcomes } from "../adapters/postgres/fixture-outcomes.ts";
import { postgresFindings } from "../adapters/postgres/gate-findings.ts";
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
import { postgresReportPages } from "../adapters/postgres/report-pages.ts";
import { postgresRepositoryNames } from "../adapters/postgres/repository-names.ts";
import { postgresSetups } from "../adapters/postgres/setups.ts";
import { postgresStandaloneRuns } from "../adapters/postgres/standalone-runs.ts";
import { postgresStoreCare } from "../adapters/postgres/store-care.ts";
import { postgresSweepMarks } from "../adapters/postgres/sweep-marks.ts";
import { postgresTrials } from "../adapters/postgres/trials.ts";
import { metricsText } from "../adapters/prometheus/metrics-text.ts";
import { type PrometheusMetrics, prometheusMetrics } from "../adapters/prometheus/prometheus-metrics.ts";
import { redactorWhenNeeded } from "../adapters/redaction/redactor-when-needed.ts";
import type { DeadLetters } from "../ports/dead-letters.ts";
import type { DeliveryLog } from "../ports/delivery-log.ts";
import type { Metrics } from "../ports/metrics.ts";
import { cachedFigures } from "./cached-figures.ts";
import { KNOWN_MODELS } from "./counted-models.ts";
import { countedBlobs, countedDecisions } from "./counted-stores.ts";
import { operations } from "./dashboard/operations.ts";
import { dashboardPages } from "./dashboard/pages.ts";
import { type DoctorDeps, examine } from "./doctor/examine.ts";
import { type Environment, secretsOf } from "./env.ts";
import type { Page } from "./http-page.ts";
import { type RunningInbox, startInbox } from "./inbox.ts";
import { bestEffort } from "./jobs/best-effort.ts";
import { absorbs, JOB_POLICIES, type Job, jobKey, jobSchema, RETIRED_KINDS } from "./jobs/job.ts";
import { type HandlerDeps, jobHandlers } from "./jobs/job-handlers.ts";
import { type KnownSecrets, knownSecrets } from "./known-secrets.ts";
import type { Logger } from "./log.ts";
import { metricsPage } from "./metrics-page.ts";
import { keyChecks, modelsOf } from "./models.ts";
import { readForms } from "./read-forms.ts";
import { readiness } from "./readiness.ts";
import { reportPage } from "./report-page.ts";
import { type RunningServer, runServer, type Service } from "./server.ts";
import { strippedPages } from "./stripped-pages.ts";
import { VERSION } from "./version.ts";
import { EVENTS, isHeard, listenToEvents } from "./webhooks.ts";
import { startWorker } from "./worker.ts";

/** What other processes stored is found this late at most; a batch every 20 ms costs little and is soon enough. */
const INBOX_PACE = { pollMs: 200, pauseMs: 20 } as const;

const DAY_MS = 24 * 60 * 60 * 1_000;

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
    { ...policy, retryDelaySeconds, retryDelayMaxSeconds: retryDelaySeconds },
  ]);
  return { ...JOB_POLICIES, ...Object.fromEntries(entries) };
}

/** How long the server waits for others; default is what GitHub and outages ask for. */
export interface Waits {
  /** After this time GitHub's lists show what it was asked to create; an emulated one has no lag. */
  readonly gitHubLagMs?: number;
  /** Before each further attempt of a job that failed. */
  readonly retryDelaySeconds?: number;
}

/** What all parts of a process share. */
interface Process {
  readonly environment: Environment;
  readonly log: Logger;
  readonly waits: Waits;
  readonly secrets: KnownSecrets;
  readonly metrics: PrometheusMetrics;
}

/** Puts the server together and starts what its role asks for. */
export function startServer(
  environment: Environment,
  log: Logger,
  place: DatabasePlace = environment.database,
  waits: Waits = {},
  secrets: KnownSecrets = knownSecrets(secretsOf(environment)),
): Promise<RunningServer> {
  const metrics = prometheusMetrics({ events: [...EVENTS], models: KNOWN_MODELS });
  const process = { environment, log, waits, secrets, metrics };
  return runServer({
    environment,
    log,
    metrics,
    openService: () => openService(process, place),
    pagesOf: (service, fetchReasonsNotReady) => [
      metricsPage({
        write: metricsText(metrics.registry, () => new Date()),
        fetchFigures: async () => service().operations.fetchFigures(),
      }),
      reportPage({ reportPages: () => service().reportPages, now: () => new Date() }),
      ...administration(process, service, fetchReasonsNotReady),
    ],
  });
}

function administration(
  { environment, log, secrets }: Process,
  service: () => Service,
  fetchReasonsNotReady: () => Promise<readonly string[]>,
): readonly Page[] {
  const { adminToken, role, githubApiUrl, database } = environment;
  if (adminToken === undefined) {
    log.info("ADMIN_TOKEN is not set: the dashboard and what it does are switched off");
    return [];
  }
  return dashboardPages({
    adminToken,
    facts: {
      version: VERSION,
      role,
      startedAt: new Date(),
      store: storeName(database),
      gitHubUrl: githubApiUrl,
    },
    operations: () => service().operations,
    examine: (repo) => service().examine(repo),
    fetchReasonsNotReady,
    secrets,
    now: () => new Date(),
  });
}

async function openService(process: Process, place: DatabasePlace): Promise<Service> {
  const { log, waits } = process;
  const database = await openDatabase(place);
  try {
    const queue = await PgBossQueue.open<Job>(database, jobWords(waits), {
      onTrouble: (trouble) => log.error({ err: trouble }, "the queue met trouble"),
    });
    try {
      return await serve({ ...process, database, queue });
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
interface Opened extends Process {
  readonly database: Database;
  readonly queue: PgBossQueue<Job>;
}

/** What a server is put together from. */
interface Parts extends Omit<Opened, "waits"> {
  readonly gitHub: GitHubApp;
  readonly deliveries: PostgresDeliveryStore;
  readonly deadLetters: DeadLetters;
}

async function serve({ waits, ...opened }: Opened): Promise<Service> {
  const { environment, log, database, queue, secrets, metrics } = opened;
  const { app, role } = environment;
  const gitHub = createGitHubApp({
    appId: app.id,
    privateKey: app.privateKey,
    secret: app.webhookSecrets[0] ?? "",
    baseUrl: environment.githubApiUrl,
    log,
    blobs: countedBlobs(postgresBlobs(database.kysely), metrics),
    creations: postgresCreations(database.kysely),
    lagMs: waits.gitHubLagMs,
    watch: {
      stripJsonText: secrets.stripOutgoingJson,
      onToken: secrets.learn,
      onRequest: (request) => metrics.note({ kind: "github_request", ...request }),
    },
  });
  const deliveries = new PostgresDeliveryStore(database.kysely);
  const deadLetters = postgresDeadLetters(database.kysely);
  const parts = { ...opened, gitHub, deliveries, deadLetters };
  const deps = jobDeps(parts);
  const figures = postgresFigures(database.kysely, Object.keys(JOB_POLICIES));
  const fetchFigures = cachedFigures(
    () => figures.fetchFigures(new Date(Date.now() - DAY_MS)),
    () => performance.now(),
  );
  const inbox = role === "web" ? undefined : await startWork(parts, deps);
  const fetchReasonsNotReady = readiness({
    writeHeartbeat: postgresHeartbeat(database.kysely),
    fetchIdentity: gitHub.fetchIdentity,
    fetchFigures: role === "web" ? undefined : fetchFigures,
    now: deps.now,
  });
  return {
    async saveDelivery(delivery) {
      const saved = await deliveries.saveDelivery(delivery);
      inbox?.wake();
      return saved;
    },
    fetchReasonsNotReady,
    examine: (repo) => examine(repo, doctorDeps(parts, fetchReasonsNotReady)),
    operations: operations({
      deadLetters,
      queue,
      wake: () => inbox?.wake(),
      fetchFigures,
      fetchLogin: async () => (await bestEffort(gitHub.fetchIdentity))?.login,
      now: deps.now,
    }),
    reportPages: deps.reportPages,
    async stop(drainMs) {
      await inbox?.stop();
      await queue.stop(drainMs);
      await database.close();
    },
  };
}

function doctorDeps(
  { environment, gitHub }: Parts,
  fetchReasonsNotReady: () => Promise<readonly string[]>,
): DoctorDeps {
  return {
    settings: gitHub.settings,
    async open(owner, repo, installationId) {
      if (installationId === undefined) throw new Error("the App opens a repository by its installation");
      return {
        repository: (await gitHub.connect(installationId, owner, repo)).repository,
        rules: await gitHub.connectRules(installationId, owner, repo),
      };
    },
    keys: keyChecks(environment),
    fetchReasonsNotReady,
    judgeModel: environment.models.judge,
  };
}

async function startWork(
  { environment, log, database, queue, gitHub, secrets, metrics, deadLetters }: Parts,
  deps: HandlerDeps,
): Promise<RunningInbox> {
  await startWorker(queue, jobHandlers(deps), log, {
    metrics,
    deadLetters: {
      saveGivenUp: (job) => deadLetters.saveGivenUp({ ...job, because: secrets.strip(job.because) }),
    },
    now: deps.now,
  });
  for (const kind of CLOCK_KINDS) await queue.enqueue({ kind });
  return startInbox({
    inbox: await openInbox(database, (transaction, jobs: readonly Job[]) =>
      queue.enqueueWithin(transaction, jobs),
    ),
    hear: listenToEvents(gitHub.probot, {
      appId: environment.app.id,
      apiUrl: environment.githubApiUrl,
      onDraftClosed: (outcome) => metrics.note({ kind: "drafts_closed", outcome }),
      searchPullRequests: async (repo, headSha) =>
        (await deps.gateRuns.searchByHead(repo, headSha)).map(({ pullRequest }) => pullRequest),
    }),
    log,
    metrics,
    now: deps.now,
    ...INBOX_PACE,
    chance: Math.random,
  });
}

function jobDeps({
  environment,
  log,
  metrics,
  database,
  queue,
  gitHub,
  deliveries,
  deadLetters,
  secrets,
}: Parts): HandlerDeps {
  const { kysely } = database;
  return {
    connect: gitHub.connect,
    metrics,
    deadLetters,
    deliveryLog: countedLog(gitHub.deliveryLog, metrics),
    installations: gitHub.installations,
    isHeard,
    log,
    deliveries,
    blobs: postgresBlobs(kysely),
    trials: postgresTrials(kysely),
    reportPages: strippedPages(postgresReportPages(kysely), secrets),
    publicUrl: environment.publicUrl,
    creations: postgresCreations(kysely),
    incidents: postgresIncidentRecords(kysely),
    gateRuns: postgresGateRuns(kysely),
    findings: postgresFindings(kysely),
    lastConfigs: postgresLastConfigs(kysely),
    heldFixtures: postgresHeldFixtures(kysely),
    generations: postgresGenerations(kysely),
    decisions: countedDecisions(postgresDecisions(kysely), metrics),
    outcomes: postgresFixtureOutcomes(kysely),
    standaloneRuns: postgresStandaloneRuns(kysely),
    branchResults: postgresBranchResults(kysely),
    storeCare: postgresStoreCare(database),
    sweepMarks: postgresSweepMarks(kysely),
    missedDeliveries: postgresMissedDeliveries(kysely),
    repositoryNames: postgresRepositoryNames(kysely),
    setup: {
      records: postgresSetups(kysely),
      perDay: environment.setupsPerDay,
      connectPast: gitHub.connectPast,
      fetchForms: readForms,
    },
    redactor: redactorWhenNeeded(),
    queue,
    models: modelsOf(environment, metrics),
    now: () => new Date(),
    elapsedMs: () => performance.now(),
    newId: randomUUID,
    digest: (text) => createHash("sha256").update(text).digest("hex"),
  };
}

function countedLog(log: DeliveryLog, metrics: Metrics): DeliveryLog {
  return {
    fetchPage: (from) => log.fetchPage(from),
    async requestAgain(attemptId) {
      const answer = await log.requestAgain(attemptId);
      if (answer === "requested") metrics.note({ kind: "redeliveries_asked", count: 1 });
      return answer;
    },
  };
}

/** Where the data live, as an administrator may read it. */
function storeName(database: Environment["database"]): string {
  if (database.kind === "directory") return `embedded PostgreSQL in ${database.path}`;
  const { host, pathname } = new URL(database.url);
  return `PostgreSQL at ${host}${pathname}`;
}
