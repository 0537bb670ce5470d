import { type Kysely, sql } from "kysely";
import type { Generations, Told, Touched } from "../../ports/records.ts";
import { callDatabase } from "./call-database.ts";
import { pruneRows } from "./prune-rows.ts";
import type { Tables } from "./tables.ts";

/** Counts the events of issues and pull requests in PostgreSQL. */
export function postgresGenerations(kysely: Kysely<Tables>): Generations {
  return {
    async bumpGeneration(repo, number, told = {}) {
      const row = await callDatabase("count an event", () =>
        bump(kysely, [{ repo, number, ...told }])
          .returning("number")
          .executeTakeFirstOrThrow(),
      );
      return row.number;
    },

    async fetchGeneration(repo, number) {
      const row = await callDatabase("read what events were counted", () =>
        kysely
          .selectFrom("generations")
          .select(["number", "told_at", "edited_by"])
          .where("repo", "=", repo)
          .where("pull_request", "=", number)
          .executeTakeFirst(),
      );
      return {
        count: row?.number ?? 0,
        toldAt: row?.told_at ?? undefined,
        editedBy: row?.edited_by ?? undefined,
      };
    },

    pruneUntouched: (before) => pruneRows(kysely, "generations", sql`touched_at < ${before}`),
  };
}

/** Counts one more event of all that was touched, as part of a transaction; several of one count as one. */
export async function bumpGenerationsWithin(
  transaction: Kysely<Tables>,
  touched: readonly Touched[],
): Promise<void> {
  const each = Map.groupBy(touched, ({ repo, number }) => `${repo}#${number}`);
  // In one order for all, so that no two transactions wait for each other's rows.
  const ordered = [...each].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, all]) => joined(all));
  await bump(transaction, ordered.flat()).execute();
}

/** Several events of one, as one: the newest time, and who changed its text last. */
function joined(all: readonly Touched[]): readonly Touched[] {
  const [first] = all;
  if (first === undefined) return [];
  const times = all.flatMap(({ toldAt }) => (toldAt === undefined ? [] : [toldAt.getTime()]));
  const told: Told = {
    toldAt: times.length === 0 ? undefined : new Date(Math.max(...times)),
    editedBy: all.findLast(({ editedBy }) => editedBy !== undefined)?.editedBy,
  };
  return [{ ...first, ...told }];
}

function bump(kysely: Kysely<Tables>, touched: readonly Touched[]) {
  return kysely
    .insertInto("generations")
    .values(
      touched.map(({ repo, number, toldAt, editedBy }) => ({
        repo,
        pull_request: number,
        told_at: toldAt ?? null,
        edited_by: editedBy ?? null,
      })),
    )
    .onConflict((conflict) =>
      conflict.columns(["repo", "pull_request"]).doUpdateSet({
        number: sql<number>`generations.number + 1`,
        told_at: sql<Date | null>`greatest(generations.told_at, excluded.told_at)`,
        edited_by: sql<string | null>`coalesce(excluded.edited_by, generations.edited_by)`,
        touched_at: sql<Date>`now()`,
      }),
    );
}
