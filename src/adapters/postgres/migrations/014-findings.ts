import type { Kysely } from "kysely";
import { SCHEMA } from "../tables.ts";

/** What checks were decided from, where an approval changes what they say; gone with their run. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db
    .withSchema(SCHEMA)
    .schema.createTable("gate_findings")
    .addColumn("run_id", "text", (column) =>
      column.primaryKey().references(`${SCHEMA}.gate_runs.id`).onDelete("cascade"),
    )
    .addColumn("findings", "text", (column) => column.notNull())
    .execute();
}
