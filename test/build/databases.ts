import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import pg from "pg";
import { type Database, openDatabase } from "../../src/adapters/postgres/open-database.ts";
import { memoryDatabase } from "./memory-database.ts";

const SERVER_URL =
  process.env.TEST_DATABASE_URL ??
  `postgres://${encodeURIComponent(userInfo().username)}@127.0.0.1:5432/postgres`;
const PROBE_TIMEOUT_MS = 1_000;

/** A kind of database that the contract tests run on. */
export interface Engine {
  readonly name: string;
  /** Opens an empty database of this kind. */
  open(): Promise<TestDatabase>;
  /** Opens an empty database by several processes at the same moment; missing where only one can have it. */
  readonly openTogether?: (processes: number) => Promise<readonly TestDatabase[]>;
}

/** An empty database for one test file. */
export interface TestDatabase {
  readonly database: Database;
  /** Closes the database and removes it. */
  remove(): Promise<void>;
}

const embedded: Engine = {
  name: "embedded PostgreSQL",
  async open() {
    const database = await openDatabase(await memoryDatabase());
    return { database, remove: () => database.close() };
  },
};

const server: Engine = {
  name: "a PostgreSQL server",
  async open() {
    const [database] = await openServer(1);
    if (database === undefined) throw new Error("no database was opened");
    return database;
  },
  openTogether: openServer,
};

async function openServer(processes: number): Promise<readonly TestDatabase[]> {
  const name = `incident_to_eval_test_${randomUUID().replaceAll("-", "")}`;
  await administer(`create database ${name}`);
  const url = new URL(SERVER_URL);
  url.pathname = `/${name}`;
  const opening = Array.from({ length: processes }, () => openDatabase({ kind: "server", url: url.href }));
  const databases = await Promise.all(opening);
  let open = processes;
  return databases.map((database) => ({
    database,
    async remove() {
      await database.close();
      open -= 1;
      if (open === 0) await administer(`drop database ${name} with (force)`);
    },
  }));
}

/** The engines that this machine has: the embedded one always, a server where one may be used for tests. */
export async function reachableEngines(): Promise<readonly Engine[]> {
  try {
    await administer("select 1");
    return [embedded, server];
  } catch {
    process.stderr.write(
      "No PostgreSQL for tests at TEST_DATABASE_URL or 127.0.0.1:5432: contract tests run on the embedded one only.\n",
    );
    return [embedded];
  }
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({
    connectionString: SERVER_URL,
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
  });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
