import { type Kysely, sql } from "kysely";
import type { Redeliveries } from "../../ports/sweep-records.ts";
import { callDatabase } from "./call-database.ts";
import type { Tables } from "./tables.ts";

/** Compares GitHub's deliveries with those in PostgreSQL, and remembers there which were asked for again. */
export function postgresRedeliveries(kysely: Kysely<Tables>): Redeliveries {
  return {
    async searchArrived(deliveryIds) {
      if (deliveryIds.length === 0) return new Set();
      const rows = await callDatabase("look which deliveries came in", () =>
        kysely
          .selectFrom("deliveries")
          .select("id")
          .where("id", "in", deliveryIds)
          .where("state", "!=", "failed")
          .execute(),
      );
      return new Set(rows.map(({ id }) => id));
    },

    async searchRequested(deliveryIds) {
      if (deliveryIds.length === 0) return [];
      const rows = await callDatabase("look which deliveries were asked for again", () =>
        kysely.selectFrom("redeliveries").selectAll().where("delivery_id", "in", deliveryIds).execute(),
      );
      return rows.map((row) => ({ deliveryId: row.delivery_id, times: row.times, lastAt: row.last_at }));
    },

    async saveRequested(deliveryId, at) {
      await callDatabase("note that a delivery is asked for again", () =>
        kysely
          .insertInto("redeliveries")
          .values({ delivery_id: deliveryId, last_at: at })
          .onConflict((conflict) =>
            conflict
              .column("delivery_id")
              .doUpdateSet({ times: sql<number>`redeliveries.times + 1`, last_at: at }),
          )
          .execute(),
      );
    },

    async pruneRequested(before) {
      const { numDeletedRows } = await callDatabase("prune what was asked for again", () =>
        kysely.deleteFrom("redeliveries").where("last_at", "<", before).executeTakeFirst(),
      );
      return Number(numDeletedRows);
    },
  };
}
