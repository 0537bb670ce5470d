import { type Kysely, sql } from "kysely";
import { SCHEMA } from "../tables.ts";

/** What GitHub was asked to create, and what it calls it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.withSchema(SCHEMA).schema;
  await schema
    .createTable("creations")
    .addColumn("key", "text", (column) => column.primaryKey())
    .addColumn("created", "text")
    .addColumn("asking", "integer", (column) => column.notNull().defaultTo(1))
    .addColumn("noted_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
  await schema.createIndex("creations_noted").on("creations").column("noted_at").execute();
}
