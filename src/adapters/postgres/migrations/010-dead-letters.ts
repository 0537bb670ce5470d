import { type Kysely, sql } from "kysely";
import { SCHEMA } from "../tables.ts";

/** Jobs that were given up, and what people decided about these and about failed deliveries. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const schema = db.withSchema(SCHEMA).schema;
  await schema
    .createTable("dead_letters")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("kind", "text", (column) => column.notNull())
    .addColumn("place", "text", (column) => column.notNull())
    .addColumn("job", "json")
    .addColumn("because", "text", (column) => column.notNull())
    .addColumn("attempts", "integer", (column) => column.notNull())
    .addColumn("at", "timestamptz", (column) => column.notNull())
    .addColumn("decision", "text")
    .addColumn("decided_by", "text")
    .addColumn("decided_at", "timestamptz")
    .execute();
  await schema.createIndex("dead_letters_at").on("dead_letters").column("at").execute();
  await schema
    .createIndex("dead_letters_open")
    .on("dead_letters")
    .column("at")
    .where(sql.ref("decision"), "is", sql.lit(null))
    .execute();
}
