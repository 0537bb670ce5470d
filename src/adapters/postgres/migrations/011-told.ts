import { type Kysely, sql } from "kysely";
import { SCHEMA } from "../tables.ts";

/** What events told of issues and pull requests, which job an answer was given to, and what we said last on GitHub. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.withSchema(SCHEMA).schema;
  await schema
    .alterTable("generations")
    .addColumn("told_at", "timestamptz")
    .addColumn("edited_by", "text")
    .addColumn("touched_at", "timestamptz", (column) => column.notNull().defaultTo(sql`now()`))
    .execute();
  await schema.alterTable("gate_runs").addColumn("job_id", "text").execute();
  await schema.alterTable("incidents").addColumn("job_id", "text").execute();
  await schema.alterTable("creations").addColumn("said", "text").execute();
}
