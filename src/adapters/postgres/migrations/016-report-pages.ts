import type { Kysely } from "kysely";
import { SCHEMA } from "../tables.ts";

/** The pages with all of a run, compressed, under ids that nobody guesses. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db.withSchema(SCHEMA);
  await schema
    .createTable("report_pages")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("repo", "text", (column) => column.notNull())
    .addColumn("content", "bytea", (column) => column.notNull())
    .addColumn("made_at", "timestamptz", (column) => column.notNull())
    .execute();
  await schema.createIndex("report_pages_by_repo").on("report_pages").column("repo").execute();
  await schema.createIndex("report_pages_by_age").on("report_pages").column("made_at").execute();
}
