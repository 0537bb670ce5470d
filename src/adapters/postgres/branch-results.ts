import { type Kysely, sql } from "kysely";
import type { BranchResult, BranchResults } from "../../ports/branch-results.ts";
import { callDatabase } from "./call-database.ts";
import { portionsOf } from "./portions.ts";
import type { Tables } from "./tables.ts";

const ROWS_PER_STATEMENT_MAX = 1_000;

/** Remembers in PostgreSQL how the fixtures of default branches stand. */
export function postgresBranchResults(kysely: Kysely<Tables>): BranchResults {
  return {
    async searchResults(repo) {
      const rows = await callDatabase("list the results of the default branch", () =>
        kysely
          .selectFrom("branch_results")
          .selectAll()
          .where("repo", "=", repo)
          .orderBy("fixture_id")
          .execute(),
      );
      return rows.map(({ repo: _, fixture_id, ...row }): BranchResult => ({ fixtureId: fixture_id, ...row }));
    },

    async saveResults(repo, results) {
      for (const portion of portionsOf(results, ROWS_PER_STATEMENT_MAX)) {
        const rows = portion.map(({ fixtureId, ...result }) => ({ repo, fixture_id: fixtureId, ...result }));
        await callDatabase("save results of the default branch", () =>
          kysely
            .insertInto("branch_results")
            .values(rows)
            .onConflict((conflict) =>
              conflict
                .columns(["repo", "fixture_id"])
                .doUpdateSet({
                  digest: sql`excluded.digest`,
                  sha: sql`excluded.sha`,
                  outcome: sql`excluded.outcome`,
                  passed: sql`excluded.passed`,
                  failed: sql`excluded.failed`,
                  at: sql`excluded.at`,
                })
                .whereRef("branch_results.at", "<=", sql.ref("excluded.at")),
            )
            .execute(),
        );
      }
    },
  };
}
