import { type Kysely, sql } from "kysely";
import type { BlobPruning, Blobs } from "../../ports/records.ts";
import { callDatabase } from "./call-database.ts";
import { portionsOf } from "./portions.ts";
import { pruneRows } from "./prune-rows.ts";
import type { Tables } from "./tables.ts";

const ROWS_PER_STATEMENT_MAX = 500;

/** Keeps git blobs in PostgreSQL, and notes once a day that one is still read. */
export function postgresBlobs(kysely: Kysely<Tables>): Blobs & BlobPruning {
  return {
    async fetchBlobs(shas) {
      const found = new Map<string, Uint8Array>();
      for (const portion of portionsOf([...new Set(shas)], ROWS_PER_STATEMENT_MAX)) {
        const rows = await callDatabase("read blobs", () =>
          kysely.selectFrom("blobs").selectAll().where("sha", "in", portion).execute(),
        );
        for (const row of rows) found.set(row.sha, row.content);
        await callDatabase("note which blobs are read", () =>
          kysely
            .updateTable("blobs")
            .set({ used_at: sql<Date>`now()` })
            .where("sha", "in", portion)
            .where("used_at", "<", sql<Date>`now() - interval '1 day'`)
            .execute(),
        );
      }
      return found;
    },

    async saveBlobs(blobs) {
      const rows = [...blobs].map(([sha, content]) => ({ sha, content }));
      for (const portion of portionsOf(rows, ROWS_PER_STATEMENT_MAX)) {
        await callDatabase("keep blobs", () =>
          kysely
            .insertInto("blobs")
            .values(portion)
            .onConflict((conflict) => conflict.column("sha").doNothing())
            .execute(),
        );
      }
    },

    pruneUnused: (before) => pruneRows(kysely, "blobs", sql`used_at < ${before}`),
  };
}
