import { type Kysely, sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { SCHEMA, type Tables } from "./tables.ts";

// Migrations see the tables as they were when each was written, so they take no table types.
type Db = Kysely<unknown>;

const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "001_deliveries": {
    async up(db: Db): Promise<void> {
      const schema = db.withSchema(SCHEMA).schema;
      await schema
        .createTable("deliveries")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("event", "text", (column) => column.notNull())
        .addColumn("payload", "text", (column) => column.notNull())
        .addColumn("received_at", "timestamptz", (column) => column.notNull())
        .addColumn("state", "text", (column) => column.notNull())
        .addColumn("problem", "text")
        .addColumn("settled_at", "timestamptz")
        .execute();
      await schema
        .createIndex("deliveries_settled")
        .on("deliveries")
        .columns(["state", "settled_at"])
        .execute();
    },
  },
  "002_incidents": {
    async up(db: Db): Promise<void> {
      await db
        .withSchema(SCHEMA)
        .schema.createTable("incidents")
        .addColumn("repo", "text", (column) => column.notNull())
        .addColumn("issue", "integer", (column) => column.notNull())
        .addColumn("body_hash", "text", (column) => column.notNull())
        .addColumn("state", "text", (column) => column.notNull())
        .addColumn("fixtures", "json", (column) => column.notNull())
        .addColumn("pull_request", "integer")
        .addColumn("branch", "text")
        .addColumn("last_written_sha", "text")
        .addColumn("comment_id", "bigint")
        .addColumn("updated_at", "timestamptz", (column) => column.notNull())
        .addPrimaryKeyConstraint("incidents_key", ["repo", "issue"])
        .execute();
    },
  },
  "003_gate": {
    async up(db: Db): Promise<void> {
      const schema = db.withSchema(SCHEMA).schema;
      await schema
        .createTable("gate_runs")
        .addColumn("id", "text", (column) => column.primaryKey())
        .addColumn("repo", "text", (column) => column.notNull())
        .addColumn("pull_request", "integer", (column) => column.notNull())
        .addColumn("head_sha", "text", (column) => column.notNull())
        .addColumn("base_sha", "text", (column) => column.notNull())
        .addColumn("state", "text", (column) => column.notNull())
        .addColumn("check_run_ids", "json", (column) => column.notNull())
        .addColumn("result", "json", (column) => column.notNull())
        .addColumn("created_at", "timestamptz", (column) => column.notNull())
        .addColumn("updated_at", "timestamptz", (column) => column.notNull())
        .execute();
      await schema
        .createIndex("gate_runs_head")
        .on("gate_runs")
        .columns(["repo", "head_sha", "created_at"])
        .execute();
      await schema
        .createIndex("gate_runs_running")
        .on("gate_runs")
        .column("created_at")
        .where(sql.ref("state"), "=", sql.lit("running"))
        .execute();
      await schema
        .createTable("held_fixtures")
        .addColumn("repo", "text", (column) => column.notNull())
        .addColumn("fixture_id", "text", (column) => column.notNull())
        .addColumn("sha", "text", (column) => column.notNull())
        .addColumn("at", "timestamptz", (column) => column.notNull())
        .addPrimaryKeyConstraint("held_fixtures_key", ["repo", "fixture_id"])
        .execute();
      await schema
        .createTable("generations")
        .addColumn("repo", "text", (column) => column.notNull())
        .addColumn("pull_request", "integer", (column) => column.notNull())
        .addColumn("number", "integer", (column) => column.notNull().defaultTo(1))
        .addPrimaryKeyConstraint("generations_key", ["repo", "pull_request"])
        .execute();
    },
  },
  "004_blobs": {
    async up(db: Db): Promise<void> {
      await db
        .withSchema(SCHEMA)
        .schema.createTable("blobs")
        .addColumn("sha", "text", (column) => column.primaryKey())
        .addColumn("content", "bytea", (column) => column.notNull())
        .execute();
    },
  },
  "005_judgement": {
    async up(db: Db): Promise<void> {
      const schema = db.withSchema(SCHEMA).schema;
      await schema
        .alterTable("gate_runs")
        .addColumn("installation_id", "bigint")
        .addColumn("judged_by", "text", (column) => column.notNull().defaultTo(""))
        .addColumn("checks", "json")
        .addColumn("outage", "boolean", (column) => column.notNull().defaultTo(false))
        .execute();
      await schema
        .createIndex("gate_runs_pull_request")
        .on("gate_runs")
        .columns(["repo", "pull_request", "created_at"])
        .execute();
      await schema
        .createTable("last_configs")
        .addColumn("repo", "text", (column) => column.primaryKey())
        .addColumn("content", "text", (column) => column.notNull())
        .execute();
    },
  },
  "006_keeping": {
    async up(db: Db): Promise<void> {
      const schema = db.withSchema(SCHEMA).schema;
      await schema
        .alterTable("blobs")
        .addColumn("used_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
        .execute();
      await schema.createIndex("blobs_used").on("blobs").column("used_at").execute();
      await schema
        .createTable("heartbeats")
        .addColumn("name", "text", (column) => column.primaryKey())
        .addColumn("at", "timestamptz", (column) => column.notNull())
        .execute();
      await schema
        .alterTable("incidents")
        .dropColumn("fixtures")
        .dropColumn("pull_request")
        .dropColumn("branch")
        .dropColumn("comment_id")
        .execute();
    },
  },
};

/** Brings the tables up to date; several processes may start at the same time, one of them does it. */
export async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableSchema: SCHEMA,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
