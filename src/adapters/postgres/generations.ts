import { type Kysely, sql } from "kysely";
import type { Generations } from "../../ports/records.ts";
import { callDatabase } from "./call-database.ts";
import type { Tables } from "./tables.ts";

/** Counts the events of pull requests in PostgreSQL. */
export function postgresGenerations(kysely: Kysely<Tables>): Generations {
  return {
    async bumpGeneration(repo, pullRequest) {
      const row = await callDatabase("count an event of a pull request", () =>
        kysely
          .insertInto("generations")
          .values({ repo, pull_request: pullRequest })
          .onConflict((conflict) =>
            conflict
              .columns(["repo", "pull_request"])
              .doUpdateSet({ number: sql<number>`generations.number + 1` }),
          )
          .returning("number")
          .executeTakeFirstOrThrow(),
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
