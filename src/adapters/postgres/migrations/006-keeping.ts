import { type Kysely, sql } from "kysely";
import { SCHEMA } from "../tables.ts";

/** What is needed to remove what nobody uses. */
export async function up(db: Kysely<unknown>): Promise<void> {
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
}
