import type { Kysely } from "kysely";
import { SCHEMA } from "../tables.ts";

/** How far sweeps have come, what was missed, and which repository has which name. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.withSchema(SCHEMA).schema;
  await schema
    .createTable("sweeps")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("swept_to", "timestamptz")
    .addColumn("whole_at", "timestamptz")
    .addColumn("rest_from", "text")
    .addColumn("rest_to", "timestamptz")
    .addColumn("updated_at", "timestamptz", (column) => column.notNull())
    .execute();
  await schema
    .createTable("missed_deliveries")
    .addColumn("delivery_id", "text", (column) => column.primaryKey())
    .addColumn("attempt_id", "text", (column) => column.notNull())
    .addColumn("times", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("missed_at", "timestamptz", (column) => column.notNull())
    .addColumn("next_at", "timestamptz", (column) => column.notNull())
    .execute();
  await schema.createIndex("missed_deliveries_next").on("missed_deliveries").column("next_at").execute();
  await schema
    .createTable("repositories")
    .addColumn("id", "bigint", (column) => column.primaryKey())
    .addColumn("installation_id", "bigint", (column) => column.notNull())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("named_at", "timestamptz", (column) => column.notNull())
    .execute();
  await schema.createIndex("repositories_name").on("repositories").column("name").execute();
  await schema
    .createIndex("repositories_installation")
    .on("repositories")
    .column("installation_id")
    .execute();
}
