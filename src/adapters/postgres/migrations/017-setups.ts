import type { Kysely } from "kysely";
import { SCHEMA } from "../tables.ts";

/** Which repositories were proposed a setup, so that each is once. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db.withSchema(SCHEMA);
  await schema
    .createTable("setups")
    .addColumn("repo", "text", (column) => column.primaryKey())
    .addColumn("installation_id", "bigint", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("pull_request", "integer")
    .addColumn("proposed_at", "timestamptz")
    .execute();
  await schema
    .createIndex("setups_by_installation")
    .on("setups")
    .columns(["installation_id", "proposed_at"])
    .execute();
}
