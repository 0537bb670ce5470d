import type { Kysely } from "kysely";
import { SCHEMA } from "../tables.ts";

/** What is known of incidents. */
export async function up(db: Kysely<unknown>): Promise<void> {
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
}
