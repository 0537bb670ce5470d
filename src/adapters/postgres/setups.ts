import type { Kysely } from "kysely";
import type { Setups } from "../../ports/setups.ts";
import { callDatabase } from "./call-database.ts";
import type { Tables } from "./tables.ts";

/** Remembers in PostgreSQL which repositories were proposed a setup. */
export function postgresSetups(kysely: Kysely<Tables>): Setups {
  return {
    async fetchSetup(repo) {
      const row = await callDatabase("read a setup", () =>
        kysely.selectFrom("setups").selectAll().where("repo", "=", repo).executeTakeFirst(),
      );
      if (row === undefined) return undefined;
      return {
        repo: row.repo,
        installationId: Number(row.installation_id),
        state: row.state,
        pullRequest: row.pull_request ?? undefined,
        proposedAt: row.proposed_at ?? undefined,
      };
    },

    async saveSetup({ repo, installationId, state, pullRequest, proposedAt }) {
      const rest = {
        installation_id: installationId,
        state,
        pull_request: pullRequest ?? null,
        proposed_at: proposedAt ?? null,
      };
      await callDatabase("save a setup", () =>
        kysely
          .insertInto("setups")
          .values({ repo, ...rest })
          .onConflict((conflict) => conflict.column("repo").doUpdateSet(rest))
          .execute(),
      );
    },

    async countProposed(installationId, since) {
      const row = await callDatabase("count the setups that were proposed", () =>
        kysely
          .selectFrom("setups")
          .select(({ fn }) => fn.countAll().as("count"))
          .where("installation_id", "=", installationId)
          .where("proposed_at", ">", since)
          .executeTakeFirstOrThrow(),
      );
      return Number(row.count);
    },
  };
}
