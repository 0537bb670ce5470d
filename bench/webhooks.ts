import { spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import pg from "pg";
import type { Load, Outcome } from "./webhooks-load.ts";
import { type ServerProcess, startProcess } from "./webhooks-process.ts";

const RATES = [100, 500, 1_000];
const CONNECTIONS = 50;
const WARM_UP_SECONDS = 1;
const SOAK_STEP = 10_000;
/** A pull request that no other delivery is about: when GitHub is asked for it, what came before is processed. */
const MARKER = 999_999;
const PROCESSED_MS_MAX = 5 * 60_000;
/** What our own servers are held to, on a machine that does nothing else. */
const TARGETS =
  "To be held: on PostgreSQL at 500/s p99 of 25 ms with nothing refused, and 0.5 of bare with 50 at a time; " +
  "embedded at 100/s p99 of 50 ms; peak below 200 MiB on PostgreSQL and 400 MiB embedded, and flat in a soak.";
const SECRET = randomBytes(32).toString("hex");

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "4" },
    database: { type: "string" },
    /** Names of servers, separated by commas; all where it is not given. */
    only: { type: "string" },
    soak: { type: "string" },
    /** Deliveries a second of the soak; without it as fast as 50 connections go. */
    "soak-rate": { type: "string" },
  },
});
const seconds = Number(values.seconds);
const databaseUrl = values.database ?? process.env.TEST_DATABASE_URL;
const privateKey = generateKeyPairSync("rsa", {
  modulusLength: 2_048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
}).privateKey;

/** A way to take deliveries. */
interface Contender {
  readonly name: string;
  readonly script: string;
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Turns deliveries into jobs in the same process. */
  readonly works: boolean;
}

const folder = await mkdtemp(join(tmpdir(), "incident-to-eval-bench-"));
const databases: string[] = [];
const started: ServerProcess[] = [];
const gitHub = await startProcess("webhooks-github-server.ts", {});
try {
  const contenders = (await allContenders()).filter(
    ({ name }) => values.only === undefined || values.only.split(",").includes(name),
  );
  await (values.soak === undefined ? race(contenders) : soak(contenders, Number(values.soak)));
} finally {
  for (const server of [...started, gitHub]) await server.stop();
  for (const name of databases) await administer(`drop database if exists ${name} with (force)`);
  await rm(folder, { recursive: true, force: true });
}

async function allContenders(): Promise<readonly Contender[]> {
  const ours = { script: "../src/app/main.ts", path: "/api/github/webhooks" };
  const environment = {
    NODE_ENV: "production",
    APP_ID: "1",
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: SECRET,
    GITHUB_API_URL: gitHub.url,
    LOG_FORMAT: "json",
    PORT: "0",
  };
  const embedded = { ...environment, ROLE: "all", DATA_DIR: join(folder, "data") };
  const probot = {
    name: "probot",
    script: "webhooks-probot-server.ts",
    path: ours.path,
    environment,
    works: false,
  };
  const alone = [probot, { ...ours, name: "embedded-all", environment: embedded, works: true }];
  if (databaseUrl === undefined) {
    process.stdout.write(
      "No --database and no TEST_DATABASE_URL: nothing on a PostgreSQL server is measured.\n",
    );
    return alone;
  }
  const on = async (role: string) => ({ ...environment, ROLE: role, DATABASE_URL: await aDatabase() });
  return [
    {
      name: "bare",
      script: "webhooks-bare-server.ts",
      path: "/",
      environment: await on("web"),
      works: false,
    },
    { ...ours, name: "postgres-web", environment: await on("web"), works: false },
    { ...ours, name: "postgres-all", environment: await on("all"), works: true },
    ...alone,
  ];
}

async function aDatabase(): Promise<string> {
  const name = `incident_to_eval_bench_${randomUUID().replaceAll("-", "")}`;
  await administer(`create database ${name}`);
  databases.push(name);
  const url = new URL(databaseUrl ?? "");
  url.pathname = `/${name}`;
  return url.href;
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(statement);
  await client.end();
}

/** All servers under the same loads, one load after the other and the servers in turns. */
async function race(contenders: readonly Contender[]): Promise<void> {
  process.stdout.write(
    `Signed pull request events of about 12 kB over 50 pull requests, ${seconds} s for each load; each server and the ` +
      "load in a process of its own. GitHub is a local server on which every pull request is closed, so that jobs end at once.\n\n",
  );
  const processes = new Map<Contender, ServerProcess>();
  for (const one of contenders) processes.set(one, await start(one));
  const rows: string[][] = [
    [
      "",
      ...RATES.map((rate) => `${rate}/s: p50 p99 max`),
      "50 at a time",
      "/ bare",
      "processed after",
      "peak",
    ],
  ];
  const cells = new Map(contenders.map((one) => [one, [one.name]]));
  const processedMs = new Map<Contender, number>();
  const closed = new Map<Contender, number>();
  for (const load of [...RATES.map((perSecond) => ({ perSecond })), {}]) {
    for (const [one, server] of processes) {
      const outcome = await send({
        ...load,
        url: server.url + one.path,
        secret: SECRET,
        connections: CONNECTIONS,
        seconds,
      });
      const restMs = one.works ? await untilProcessed(one, server) : 0;
      processedMs.set(one, Math.max(restMs, processedMs.get(one) ?? 0));
      if ("perSecond" in load) cells.get(one)?.push(latencyCell(outcome));
      else closed.set(one, outcome.perSecond);
    }
  }
  const bare = [...closed].find(([{ name }]) => name === "bare")?.[1] ?? Number.NaN;
  for (const [one, server] of processes) {
    const rate = closed.get(one) ?? Number.NaN;
    cells
      .get(one)
      ?.push(
        `${rate.toFixed(0)}/s`,
        (rate / bare).toFixed(2),
        one.works ? `${((processedMs.get(one) ?? 0) / 1_000).toFixed(1)} s` : "–",
        `${server.peakMb().toFixed(0)} MiB`,
      );
    await server.stop();
  }
  printTable([...rows, ...cells.values()]);
  process.stdout.write(`\n${TARGETS}\n`);
}

/** One server after the other takes many deliveries, and its memory is read on the way. */
async function soak(contenders: readonly Contender[], deliveries: number): Promise<void> {
  const rate = values["soak-rate"] === undefined ? undefined : Number(values["soak-rate"]);
  for (const one of contenders) {
    const server = await start(one);
    process.stdout.write(`${one.name}: memory after each ${SOAK_STEP} of ${deliveries} deliveries, in MiB\n`);
    for (let sent = 0; sent < deliveries; sent += SOAK_STEP) {
      const { p99Ms, refused } = await send({
        url: server.url + one.path,
        secret: SECRET,
        connections: CONNECTIONS,
        deliveries: SOAK_STEP,
        ...(rate === undefined ? {} : { perSecond: rate }),
      });
      const restMs = one.works ? await untilProcessed(one, server) : 0;
      process.stdout.write(
        `  ${sent + SOAK_STEP}: ${server.nowMb().toFixed(0)}, p99 ${p99Ms.toFixed(0)} ms, refused ${refused}, processed after ${(restMs / 1_000).toFixed(1)} s\n`,
      );
    }
    process.stdout.write(`  peak ${server.peakMb().toFixed(0)}\n`);
    await server.stop();
  }
  process.stdout.write(`\n${TARGETS}\n`);
}

async function start(one: Contender): Promise<ServerProcess> {
  const server = await startProcess(one.script, one.environment);
  started.push(server);
  await send({ url: server.url + one.path, secret: SECRET, connections: 10, seconds: WARM_UP_SECONDS });
  if (one.works) await untilProcessed(one, server);
  return server;
}

/** Sends one more delivery, and waits until a job asks GitHub for its pull request. */
async function untilProcessed(one: Contender, server: ServerProcess): Promise<number> {
  const startMs = performance.now();
  const asked = gitHub.says(`asked for ${MARKER}`);
  await send({
    url: server.url + one.path,
    secret: SECRET,
    connections: 1,
    deliveries: 1,
    pullRequest: MARKER,
  });
  const overdue = new AbortController();
  await Promise.race([
    asked,
    sleep(PROCESSED_MS_MAX, undefined, { signal: overdue.signal }).then(() => {
      throw new Error(`${one.name} had not processed everything after ${PROCESSED_MS_MAX / 1_000} s`);
    }),
  ]).finally(() => overdue.abort());
  return performance.now() - startMs;
}

async function send(load: Load): Promise<Outcome> {
  const script = fileURLToPath(new URL("webhooks-load.ts", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(load)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function latencyCell({ p50Ms, p99Ms, maxMs, refused }: Outcome): string {
  const times = [p50Ms, p99Ms, maxMs].map((ms) => ms.toFixed(ms < 10 ? 1 : 0)).join(" ");
  return `${times} ms${refused === 0 ? "" : `, ${refused} refused`}`;
}

function printTable(rows: readonly string[][]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows) {
    const line = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
    process.stdout.write(`${line.trimEnd()}\n`);
  }
}
