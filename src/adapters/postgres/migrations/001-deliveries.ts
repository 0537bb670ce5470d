import type { Kysely } from "kysely";
import { SCHEMA } from "../tables.ts";

/** Deliveries as GitHub sent them. */
export async function up(db: Kysely<unknown>): Promise<void> {
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
  await schema.createIndex("deliveries_settled").on("deliveries").columns(["state", "settled_at"]).execute();
}
