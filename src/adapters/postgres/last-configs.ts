import type { Kysely } from "kysely";
import type { LastConfigs } from "../../ports/records.ts";
import { callDatabase } from "./call-database.ts";
import type { Tables } from "./tables.ts";

/** Remembers in PostgreSQL the last configuration of each default branch that could be used. */
export function postgresLastConfigs(kysely: Kysely<Tables>): LastConfigs {
  return {
    async fetchLastConfig(repo) {
      const row = await callDatabase("read the last configuration", () =>
        kysely.selectFrom("last_configs").select("content").where("repo", "=", repo).executeTakeFirst(),
      );
      return row?.content;
    },

    async saveLastConfig(repo, content) {
      await callDatabase("save the last configuration", () =>
        kysely
          .insertInto("last_configs")
          .values({ repo, content })
          .onConflict((conflict) => conflict.column("repo").doUpdateSet({ content }))
          .execute(),
      );
    },
  };
}
