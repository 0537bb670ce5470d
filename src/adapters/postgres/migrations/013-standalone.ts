import { type Kysely, sql } from "kysely";
import { SCHEMA } from "../tables.ts";

/** Runs that no pull request asked for, how the fixtures of default branches stand, and heads of forks that may cost money. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.withSchema(SCHEMA).schema;
  await schema
    .createTable("standalone_runs")
    .addColumn("repo", "text", (column) => column.notNull())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("id", "text", (column) => column.notNull())
    .addColumn("installation_id", "bigint", (column) => column.notNull())
    .addColumn("head_sha", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("check_run_ids", "json", (column) => column.notNull())
    .addColumn("answer", "json")
    .addColumn("job_id", "text", (column) => column.notNull())
    .addColumn("job", "json", (column) => column.notNull())
    .addColumn("result", "json", (column) => column.notNull())
    .addColumn("reports", "integer", (column) => column.notNull())
    .addColumn("created_at", "timestamptz", (column) => column.notNull())
    .addColumn("updated_at", "timestamptz", (column) => column.notNull())
    .addPrimaryKeyConstraint("standalone_runs_key", ["repo", "kind", "subject"])
    .execute();
  await schema
    .createIndex("standalone_runs_running")
    .on("standalone_runs")
    .column("created_at")
    .where(sql.ref("state"), "=", sql.lit("running"))
    .execute();
  await schema
    .createTable("branch_results")
    .addColumn("repo", "text", (column) => column.notNull())
    .addColumn("fixture_id", "text", (column) => column.notNull())
    .addColumn("digest", "text", (column) => column.notNull())
    .addColumn("sha", "text", (column) => column.notNull())
    .addColumn("outcome", "text", (column) => column.notNull())
    .addColumn("passed", "integer", (column) => column.notNull())
    .addColumn("failed", "integer", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addColumn("issue", "integer")
    .addColumn("first_passed_at", "timestamptz")
    .addPrimaryKeyConstraint("branch_results_key", ["repo", "fixture_id"])
    .execute();
  await schema
    .alterTable("gate_runs")
    .addColumn("approved", "boolean", (column) => column.notNull().defaultTo(false))
    .execute();
}
