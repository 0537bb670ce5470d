import { sql } from "kysely";
import type { StoreCare } from "../../ports/store-care.ts";
import { callDatabase } from "./call-database.ts";
import type { Database } from "./open-database.ts";
import { SCHEMA } from "./tables.ts";

const QUEUE_SCHEMA = "pgboss";

interface Table {
  readonly schema: string;
  readonly name: string;
}

/**
 * Looks after the embedded PostgreSQL, which has no process of its own that frees space: without it each changed row
 * would make the files larger for ever. A server frees its space by itself.
 */
export function postgresStoreCare({ kysely, exclusive }: Pick<Database, "kysely" | "exclusive">): StoreCare {
  return {
    async reclaimSpace() {
      if (!exclusive) return;
      const { rows } = await callDatabase("list the tables", () =>
        sql<Table>`
          select schemaname as schema, tablename as name from pg_tables
          where schemaname in (${SCHEMA}, ${QUEUE_SCHEMA}) order by 1, 2
        `.execute(kysely),
      );
      // One by one, so that others get their turn in between: there is one connection.
      for (const { schema, name } of rows)
        await callDatabase(`free the space of ${name}`, () =>
          sql`vacuum ${sql.table(`${schema}.${name}`)}`.execute(kysely),
        );
    },
  };
}
