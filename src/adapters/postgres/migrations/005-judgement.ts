import type { Kysely } from "kysely";
import { SCHEMA } from "../tables.ts";

/** What judged a run, and what it came to before it was told. */
export async function up(db: Kysely<unknown>): Promise<void> {
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
}
