import { type Kysely, sql } from "kysely";
import type { TouchedPullRequest } from "../../ports/inbox.ts";
import type { Generations } from "../../ports/records.ts";
import { callDatabase } from "./call-database.ts";
import type { Tables } from "./tables.ts";

/** Counts the events of pull requests in PostgreSQL. */
export function postgresGenerations(kysely: Kysely<Tables>): Generations {
  return {
    async bumpGeneration(repo, pullRequest) {
      const row = await callDatabase("count an event of a pull request", () =>
        bump(kysely, [{ repo, pullRequest }]).returning("number").executeTakeFirstOrThrow(),
      );
      return row.number;
    },

    async fetchGeneration(repo, pullRequest) {
      const row = await callDatabase("read the generation of a pull request", () =>
        kysely
          .selectFrom("generations")
          .select("number")
          .where("repo", "=", repo)
          .where("pull_request", "=", pullRequest)
          .executeTakeFirst(),
      );
      return row?.number ?? 0;
    },
  };
}

/** Counts one more event of each of these pull requests, as part of a transaction; several of one count as one. */
export async function bumpGenerationsWithin(
  transaction: Kysely<Tables>,
  touched: readonly TouchedPullRequest[],
): Promise<void> {
  const each = new Map(touched.map((one) => [`${one.repo}#${one.pullRequest}`, one]));
  // In one order for all, so that no two transactions wait for each other's rows.
  const ordered = [...each].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, one]) => one);
  await bump(transaction, ordered).execute();
}

function bump(kysely: Kysely<Tables>, touched: readonly TouchedPullRequest[]) {
  return kysely
    .insertInto("generations")
    .values(touched.map(({ repo, pullRequest }) => ({ repo, pull_request: pullRequest })))
    .onConflict((conflict) =>
      conflict.columns(["repo", "pull_request"]).doUpdateSet({ number: sql<number>`generations.number + 1` }),
    );
}
