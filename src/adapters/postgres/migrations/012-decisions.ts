import type { Kysely } from "kysely";
import { SCHEMA } from "../tables.ts";

/** What people decided against what we say, and how trials came out over runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.withSchema(SCHEMA).schema;
  await schema
    .createTable("decisions")
    .addColumn("repo", "text", (column) => column.notNull())
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("actor", "text", (column) => column.notNull())
    .addColumn("allowed_as", "text", (column) => column.notNull())
    .addColumn("reason", "text", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addColumn("number", "integer")
    .addColumn("head_sha", "text")
    .addColumn("subject", "text")
    .addColumn("details", "json", (column) => column.notNull())
    .addColumn("expires_at", "timestamptz")
    .addPrimaryKeyConstraint("decisions_key", ["repo", "id"])
    .execute();
  await schema.createIndex("decisions_kind").on("decisions").columns(["repo", "kind", "at"]).execute();
  await schema
    .createTable("fixture_outcomes")
    .addColumn("repo", "text", (column) => column.notNull())
    .addColumn("fixture_id", "text", (column) => column.notNull())
    .addColumn("run_id", "text", (column) => column.notNull())
    .addColumn("side", "text", (column) => column.notNull())
    .addColumn("sha", "text", (column) => column.notNull())
    .addColumn("passed", "integer", (column) => column.notNull())
    .addColumn("failed", "integer", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("fixture_outcomes_key", ["repo", "fixture_id", "run_id", "side"])
    .execute();
  await schema.createIndex("fixture_outcomes_at").on("fixture_outcomes").column("at").execute();
}
