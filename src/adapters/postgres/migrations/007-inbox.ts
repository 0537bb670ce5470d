import { type Kysely, sql } from "kysely";
import { SCHEMA } from "../tables.ts";

/** Deliveries that wait are handed out from their own table: how often, until when and to whom. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.withSchema(SCHEMA).schema;
  await schema
    .alterTable("deliveries")
    .addColumn("attempts", "integer", (column) => column.notNull().defaultTo(0))
    .addColumn("lease_until", "timestamptz")
    .addColumn("lease_token", "text")
    .execute();
  await schema
    .createIndex("deliveries_waiting")
    .on("deliveries")
    .columns(["attempts", "received_at"])
    .where(sql.ref("state"), "=", sql.lit("waiting"))
    .execute();
}
