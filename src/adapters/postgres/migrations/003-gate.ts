import { type Kysely, sql } from "kysely";
import { SCHEMA } from "../tables.ts";

/** Runs of the gate, fixtures that have held, and the events of pull requests. */
export async function up(db: Kysely<unknown>): Promise<void> {
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
}
