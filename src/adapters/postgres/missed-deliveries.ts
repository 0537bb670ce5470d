import { type Kysely, sql } from "kysely";
import type { MissedDeliveries } from "../../ports/sweep-records.ts";
import { callDatabase } from "./call-database.ts";
import { portionsOf } from "./portions.ts";
import { pruneRows } from "./prune-rows.ts";
import type { Tables } from "./tables.ts";

const ROWS_PER_STATEMENT_MAX = 500;

/** Compares GitHub's deliveries with those in PostgreSQL, and remembers there which are missed. */
export function postgresMissedDeliveries(kysely: Kysely<Tables>): MissedDeliveries {
  return {
    async searchArrived(deliveryIds) {
      const arrived = new Set<string>();
      for (const portion of portionsOf(deliveryIds, ROWS_PER_STATEMENT_MAX)) {
        const rows = await callDatabase("look which deliveries came in", () =>
          kysely
            .selectFrom("deliveries")
            .select("id")
            .where("id", "in", portion)
            .where("state", "!=", "failed")
            .execute(),
        );
        for (const { id } of rows) arrived.add(id);
      }
      return arrived;
    },

    async saveMissed(missed, at) {
      const rows = missed.map(({ deliveryId, attemptId }) => ({
        delivery_id: deliveryId,
        attempt_id: attemptId,
        missed_at: at,
        next_at: at,
      }));
      for (const portion of portionsOf(rows, ROWS_PER_STATEMENT_MAX))
        await callDatabase("note missed deliveries", () =>
          kysely
            .insertInto("missed_deliveries")
            .values(portion)
            .onConflict((conflict) =>
              conflict
                .column("delivery_id")
                .doUpdateSet({ attempt_id: (row) => row.ref("excluded.attempt_id") }),
            )
            .execute(),
        );
    },

    async searchDue(now, limits) {
      const rows = await callDatabase("list the missed deliveries that are due", () =>
        kysely
          .selectFrom("missed_deliveries as missed")
          .leftJoin("deliveries as stored", (join) =>
            join.onRef("stored.id", "=", "missed.delivery_id").on("stored.state", "!=", "failed"),
          )
          .select(["missed.delivery_id", "missed.attempt_id", "missed.times"])
          .where("stored.id", "is", null)
          .where("missed.next_at", "<=", now)
          .where("missed.times", "<", limits.times)
          .orderBy("missed.next_at")
          .orderBy("missed.delivery_id")
          .limit(limits.rows)
          .execute(),
      );
      return rows.map((row) => ({
        deliveryId: row.delivery_id,
        attemptId: row.attempt_id,
        times: row.times,
      }));
    },

    async saveRequested(deliveryId, nextAt) {
      await callDatabase("note that a delivery was asked for again", () =>
        kysely
          .updateTable("missed_deliveries")
          .set({ times: sql<number>`times + 1`, next_at: nextAt })
          .where("delivery_id", "=", deliveryId)
          .execute(),
      );
    },

    pruneMissed: (before) => pruneRows(kysely, "missed_deliveries", sql`missed_at < ${before}`),
  };
}
