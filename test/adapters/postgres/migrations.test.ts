import { PGlite } from "@electric-sql/pglite";
import { expect, test } from "@jest/globals";
import { Kysely, PGliteDialect, PostgresDialect } from "kysely";
import pg from "pg";
import { type ConstructorOptions, fromPglite, PgBoss } from "pg-boss";
import { openInbox } from "../../../src/adapters/postgres/inbox.ts";
import { migrate } from "../../../src/adapters/postgres/migrations.ts";
import { type DatabasePlace, openDatabase } from "../../../src/adapters/postgres/open-database.ts";
import { PgBossQueue } from "../../../src/adapters/postgres/pg-boss-queue.ts";
import { SCHEMA, type Tables } from "../../../src/adapters/postgres/tables.ts";
import {
  absorbs,
  JOB_POLICIES,
  type Job,
  jobKey,
  jobSchema,
  RETIRED_KINDS,
} from "../../../src/app/jobs/job.ts";
import { anEmptyServerDatabase, reachableEngines } from "../../build/databases.ts";

/** An older version's store before it is opened, and how it goes away. */
interface OldStore {
  readonly place: DatabasePlace;
  remove(): Promise<void>;
}

async function embeddedStore(): Promise<OldStore> {
  // Not from the image that tests share, which holds the newest tables.
  const pglite = await PGlite.create();
  await fill(new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) }), {
    backend: "pglite",
    db: fromPglite(pglite),
  });
  const image = await pglite.dumpDataDir("none");
  await pglite.close();
  return { place: { kind: "memory", image }, remove: async () => undefined };
}

async function serverStore(): Promise<OldStore> {
  const { url, remove } = await anEmptyServerDatabase();
  const pool = new pg.Pool({ connectionString: url });
  await fill(new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), { connectionString: url });
  await pool.end();
  return { place: { kind: "server", url }, remove };
}

/** What a version left that queued a job for each delivery. */
async function fill(bare: Kysely<Tables>, connection: ConstructorOptions): Promise<void> {
  const kysely = bare.withSchema(SCHEMA);
  await migrate(kysely, "006_keeping");
  const received_at = new Date("2026-11-20T10:00:00Z");
  const rows = [
    { id: "waiting-1", state: "waiting" },
    { id: "waiting-2", state: "waiting" },
    { id: "failed", state: "failed" },
    { id: "processed", state: "processed" },
  ] as const;
  await kysely
    .insertInto("deliveries")
    .values(rows.map((row) => ({ ...row, event: "issues", payload: "{}", received_at })))
    .execute();
  const boss = new PgBoss({ ...connection, schedule: false });
  await boss.start();
  await boss.createQueue("given-up");
  await boss.createQueue("handle-delivery", { deadLetter: "given-up", retryLimit: 0 });
  for (const deliveryId of ["waiting-1", "waiting-2"]) {
    await boss.send("handle-delivery", { kind: "handle-delivery", deliveryId });
  }
  const [given] = await boss.fetch("handle-delivery");
  if (given === undefined) throw new Error("there is no job of the older version");
  await boss.fail("handle-delivery", given.id, { because: "a bug" });
  await boss.stop({ graceful: false });
}

const stores = { "embedded PostgreSQL": embeddedStore, "a PostgreSQL server": serverStore };

test.each(reachableEngines().map(({ name }) => name))(
  "deliveries that an older version left waiting on %s are handed out, and its jobs for them are dropped",
  async (name) => {
    const store = await (name === "embedded PostgreSQL" ? stores[name] : stores["a PostgreSQL server"])();
    const database = await openDatabase(store.place);
    const trouble: unknown[] = [];
    const queue = await PgBossQueue.open<Job>(
      database,
      {
        policies: JOB_POLICIES,
        retired: RETIRED_KINDS,
        read: (stored) => jobSchema.parse(stored),
        keyOf: jobKey,
        absorbs,
      },
      { onTrouble: (what) => trouble.push(what), pollSeconds: 0.5 },
    );
    const worked = Promise.withResolvers<string>();
    await queue.work({
      async runJob(job) {
        worked.resolve(job.kind);
        return { kind: "done" };
      },
      async clearUp(job) {
        worked.resolve(`cleared up after ${job.kind}`);
        return { kind: "done" };
      },
    });
    const inbox = await openInbox(database, async () => undefined);
    const claim = await inbox.claim();
    await queue.enqueue({ kind: "reconcile" });
    expect(await worked.promise).toBe("reconcile");
    expect(claim.deliveries.map(({ id, attempt }) => `${id} ${attempt}`).sort()).toEqual([
      "waiting-1 1",
      "waiting-2 1",
    ]);
    const states = await database.kysely
      .selectFrom("deliveries")
      .select(["id", "state"])
      .orderBy("id")
      .execute();
    expect(states.map(({ id, state }) => `${id} ${state}`)).toEqual([
      "failed failed",
      "processed processed",
      "waiting-1 waiting",
      "waiting-2 waiting",
    ]);
    await queue.stop(1_000);
    await database.close();
    await store.remove();
    expect(trouble).toEqual([]);
  },
);
