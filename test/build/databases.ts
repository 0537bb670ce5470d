import { randomUUID } from "node:crypto";
import pg from "pg";
import { type Database, openDatabase } from "../../src/adapters/postgres/open-database.ts";
import { memoryDatabase } from "./memory-database.ts";

const SERVER_URL = process.env.TEST_DATABASE_URL;
const CONNECT_TIMEOUT_MS = 10_000;

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
  const { url, remove } = await anEmptyServerDatabase();
  const opening = Array.from({ length: processes }, () => openDatabase({ kind: "server", url }));
  const databases = await Promise.all(opening);
  let open = processes;
  return databases.map((database) => ({
    database,
    async remove() {
      await database.close();
      open -= 1;
      if (open === 0) await remove();
    },
  }));
}

/** Makes a database without tables on the server that tests may use. */
export async function anEmptyServerDatabase(): Promise<{ url: string; remove(): Promise<void> }> {
  const name = `incident_to_eval_test_${randomUUID().replaceAll("-", "")}`;
  await administer(`create database ${name}`);
  const url = new URL(SERVER_URL ?? "");
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => administer(`drop database ${name} with (force)`) };
}

/** The engines that tests run on: the embedded one always, a server where TEST_DATABASE_URL names one. */
export function reachableEngines(): readonly Engine[] {
  return SERVER_URL === undefined ? [embedded] : [embedded, server];
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({
    connectionString: SERVER_URL,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
