import type { Kysely } from "kysely";
import { SCHEMA } from "../tables.ts";

/** Git blobs, which never change. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db
    .withSchema(SCHEMA)
    .schema.createTable("blobs")
    .addColumn("sha", "text", (column) => column.primaryKey())
    .addColumn("content", "bytea", (column) => column.notNull())
    .execute();
}
