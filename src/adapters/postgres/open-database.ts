import { Kysely, PGliteDialect, PostgresDialect } from "kysely";
import pg from "pg";
import { type ConstructorOptions, fromPglite } from "pg-boss";
import { callDatabase } from "./call-database.ts";
import { lockDirectory } from "./directory-lock.ts";
import { migrate } from "./migrations.ts";
import { prepareDirectory } from "./prepare-directory.ts";
import { SCHEMA, type Tables } from "./tables.ts";

const POOL_CONNECTIONS_MAX = 10;
const CONNECT_TIMEOUT_MS = 10_000;
/** A server that went away without a word must not be waited for for ever; a migration may take long. */
const QUERY_TIMEOUT_MS = 2 * 60_000;
/** Halves the memory of the embedded engine, at no cost that was measurable for data of this size. */
const EMBEDDED_PARAMETERS = ["-c", "shared_buffers=16MB"];

/** Where the data live. */
export type DatabasePlace =
  /** Gone with the process; `image` is an empty data directory to start from, as the engine dumps it. */
  | { readonly kind: "memory"; readonly image?: Blob }
  | { readonly kind: "directory"; readonly path: string }
  | { readonly kind: "server"; readonly url: string };

/** An open database with up-to-date tables. */
export interface Database {
  readonly kysely: Kysely<Tables>;
  /** How the queue reaches the same database. */
  readonly queueConnection: ConstructorOptions;
  /** True where no other process can use this database: what was running before we opened it runs no more. */
  readonly exclusive: boolean;
  /** Closes the database; the queue must have stopped. */
  close(): Promise<void>;
}

/** Opens the database and brings its tables up to date; throws DirectoryInUse where another process has the directory. */
export async function openDatabase(place: DatabasePlace): Promise<Database> {
  const database = place.kind === "server" ? openServer(place.url) : await openEmbedded(place);
  try {
    await callDatabase("be opened", () => migrate(database.kysely));
    return database;
  } catch (cause) {
    await database.close();
    throw cause;
  }
}

function openServer(url: string): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
    application_name: "incident-to-eval",
  });
  // A connection that breaks is replaced at the next use, which reports what is still wrong. The pool listens to
  // those that rest only; one that breaks between two statements of a transaction would end the process.
  pool.on("error", () => undefined);
  pool.on("connect", (client) => client.on("error", () => undefined));
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }).withSchema(SCHEMA);
  return {
    kysely,
    queueConnection: {
      connectionString: url,
      max: POOL_CONNECTIONS_MAX,
      application_name: "incident-to-eval queue",
    },
    exclusive: false,
    close: () => pool.end(),
  };
}

async function openEmbedded(place: Exclude<DatabasePlace, { kind: "server" }>): Promise<Database> {
  const lock = place.kind === "directory" ? await lockDirectory(place.path) : undefined;
  try {
    // Only here: who uses a server does without the engine.
    const { PGlite } = await import("@electric-sql/pglite");
    const pglite = await PGlite.create({
      ...(place.kind === "directory" ? { dataDir: await prepareDirectory(place.path) } : {}),
      ...(place.kind === "memory" && place.image !== undefined ? { loadDataDir: place.image } : {}),
      startParams: [...PGlite.defaultStartParams, ...EMBEDDED_PARAMETERS],
    });
    const kysely = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) }).withSchema(SCHEMA);
    return {
      kysely,
      queueConnection: { backend: "pglite", db: fromPglite(pglite) },
      exclusive: true,
      async close() {
        // Not through Kysely: the queue shares the instance, and it is closed once.
        await pglite.close();
        await lock?.release();
      },
    };
  } catch (cause) {
    await lock?.release();
    throw cause;
  }
}
