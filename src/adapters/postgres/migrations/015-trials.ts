import { type Kysely, sql } from "kysely";
import { SCHEMA } from "../tables.ts";

/** What agents did in trials, compressed, so that a run that begins anew does not pay for them again. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db.withSchema(SCHEMA);
  await schema
    .createTable("trials")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("content", "bytea", (column) => column.notNull())
    .addColumn("kept_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
  await schema.createIndex("trials_by_age").on("trials").column("kept_at").execute();
}
