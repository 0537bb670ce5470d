import type { Kysely } from "kysely";
import type { HeldFixture, HeldFixtures } from "../../ports/records.ts";
import { callDatabase } from "./call-database.ts";
import { portionsOf } from "./portions.ts";
import type { Tables } from "./tables.ts";

const ROWS_PER_STATEMENT_MAX = 1_000;

/** Remembers in PostgreSQL which fixtures must hold. */
export function postgresHeldFixtures(kysely: Kysely<Tables>): HeldFixtures {
  return {
    async searchHeld(repo) {
      const rows = await callDatabase("list the fixtures that hold", () =>
        kysely
          .selectFrom("held_fixtures")
          .select(["fixture_id", "sha", "at"])
          .where("repo", "=", repo)
          .orderBy("fixture_id")
          .execute(),
      );
      return rows.map((row): HeldFixture => ({ fixtureId: row.fixture_id, sha: row.sha, at: row.at }));
    },

    async saveHeld(repo, held) {
      for (const portion of portionsOf(held, ROWS_PER_STATEMENT_MAX)) {
        const rows = portion.map(({ fixtureId, sha, at }) => ({ repo, fixture_id: fixtureId, sha, at }));
        await callDatabase("note fixtures that hold", () =>
          kysely
            .insertInto("held_fixtures")
            .values(rows)
            .onConflict((conflict) => conflict.columns(["repo", "fixture_id"]).doNothing())
            .execute(),
        );
      }
    },
  };
}
