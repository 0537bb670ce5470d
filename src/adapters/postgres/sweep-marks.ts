import type { Kysely, Selectable } from "kysely";
import type { SweepMark, SweepMarks } from "../../ports/sweep-records.ts";
import { callDatabase } from "./call-database.ts";
import type { SweepsTable, Tables } from "./tables.ts";

/** Remembers in PostgreSQL how far sweeps have come. */
export function postgresSweepMarks(kysely: Kysely<Tables>): SweepMarks {
  return {
    async fetchMark(name) {
      const row = await callDatabase("read how far a sweep has come", () =>
        kysely.selectFrom("sweeps").selectAll().where("name", "=", name).executeTakeFirst(),
      );
      return row === undefined ? undefined : markOf(row);
    },

    async saveMark(mark) {
      const { name, ...rest } = rowOf(mark);
      await callDatabase("save how far a sweep has come", () =>
        kysely
          .insertInto("sweeps")
          .values({ name, ...rest })
          .onConflict((conflict) => conflict.column("name").doUpdateSet(rest))
          .execute(),
      );
    },

    async pruneMarks(before) {
      const { numDeletedRows } = await callDatabase("prune sweeps", () =>
        kysely.deleteFrom("sweeps").where("updated_at", "<", before).executeTakeFirst(),
      );
      return Number(numDeletedRows);
    },
  };
}

function markOf(row: Selectable<SweepsTable>): SweepMark {
  const { rest_from: from, rest_to: restTo } = row;
  return {
    name: row.name,
    sweptTo: row.swept_to ?? undefined,
    wholeAt: row.whole_at ?? undefined,
    rest: from === null || restTo === null ? undefined : { from, sweptTo: restTo },
    updatedAt: row.updated_at,
  };
}

function rowOf({ name, sweptTo, wholeAt, rest, updatedAt }: SweepMark) {
  return {
    name,
    swept_to: sweptTo ?? null,
    whole_at: wholeAt ?? null,
    rest_from: rest?.from ?? null,
    rest_to: rest?.sweptTo ?? null,
    updated_at: updatedAt,
  };
}
