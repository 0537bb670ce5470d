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
      return rows.map(
        ({ repo: _, fixture_id, issue, first_passed_at, ...row }): BranchResult => ({
          ...row,
          fixtureId: fixture_id,
          issue: issue ?? undefined,
          firstPassedAt: first_passed_at ?? undefined,
        }),
      );
    },

    async saveResults(repo, results) {
      for (const portion of portionsOf(results, ROWS_PER_STATEMENT_MAX)) {
        const rows = portion.map(({ fixtureId, issue, firstPassedAt, ...result }) => ({
          ...result,
          repo,
          fixture_id: fixtureId,
          issue: issue ?? null,
          first_passed_at: firstPassedAt ?? null,
        }));
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
                  issue: sql`excluded.issue`,
                  first_passed_at: sql`excluded.first_passed_at`,
                })
                .whereRef("branch_results.at", "<=", sql.ref("excluded.at")),
            )
            .execute(),
        );
      }
    },
  };
}
