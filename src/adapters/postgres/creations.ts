import { type Kysely, sql } from "kysely";
import type { CreationPruning, Creations } from "../../ports/creations.ts";
import { callDatabase } from "./call-database.ts";
import { pruneRows } from "./prune-rows.ts";
import type { Tables } from "./tables.ts";

/** Remembers in PostgreSQL what GitHub was asked to create. */
export function postgresCreations(kysely: Kysely<Tables>): Creations & CreationPruning {
  return {
    async fetchCreation(key) {
      const row = await callDatabase("read what was created", () =>
        kysely
          .selectFrom("creations")
          .select(["created", "asking", "said"])
          .select(sql<number>`(extract(epoch from now() - noted_at) * 1000)::float8`.as("age_ms"))
          .where("key", "=", key)
          .executeTakeFirst(),
      );
      if (row === undefined) return undefined;
      return {
        created: row.created ?? undefined,
        ageMs: Math.max(0, row.age_ms),
        asking: row.asking,
        said: row.said ?? undefined,
      };
    },

    async noteAsked(key, last) {
      const row = await callDatabase("note what is asked for", () =>
        last === undefined
          ? kysely
              .insertInto("creations")
              .values({ key })
              .onConflict((conflict) => conflict.column("key").doNothing())
              .returning("asking")
              .executeTakeFirst()
          : kysely
              .updateTable("creations")
              .set({ created: null, said: null, asking: last.asking + 1, noted_at: sql<Date>`now()` })
              .where("key", "=", key)
              .where("asking", "=", last.asking)
              .where("created", "is not distinct from", last.created ?? null)
              .returning("asking")
              .executeTakeFirst(),
      );
      return row?.asking;
    },

    async noteCreated(key, created) {
      await callDatabase("note what was created", () =>
        kysely
          .insertInto("creations")
          .values({ key, created })
          .onConflict((conflict) =>
            conflict.column("key").doUpdateSet({ created, noted_at: sql<Date>`now()` }),
          )
          .execute(),
      );
    },

    async noteSaid(key, said) {
      await callDatabase("note what was said", () =>
        kysely.updateTable("creations").set({ said }).where("key", "=", key).execute(),
      );
    },

    async forgetAsked(key, asking) {
      await callDatabase("forget what was refused", () =>
        kysely
          .deleteFrom("creations")
          .where("key", "=", key)
          .where("asking", "=", asking)
          .where("created", "is", null)
          .execute(),
      );
    },

    pruneCreations: (before) => pruneRows(kysely, "creations", sql`noted_at < ${before}`),
  };
}
