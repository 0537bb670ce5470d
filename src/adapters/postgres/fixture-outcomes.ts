import { type Kysely, sql } from "kysely";
import type { FixtureOutcome, FixtureOutcomes } from "../../ports/fixture-outcomes.ts";
import { callDatabase } from "./call-database.ts";
import { portionsOf } from "./portions.ts";
import { pruneRows } from "./prune-rows.ts";
import { SCHEMA, type Tables } from "./tables.ts";

const ROWS_PER_STATEMENT_MAX = 1_000;

interface WaveringRow {
  readonly fixture_id: string;
  readonly side: FixtureOutcome["side"];
  readonly commits: number;
  readonly both: number;
}

/** Remembers in PostgreSQL how trials came out over runs. */
export function postgresFixtureOutcomes(kysely: Kysely<Tables>): FixtureOutcomes {
  return {
    async saveOutcomes(repo, runId, outcomes, at) {
      for (const portion of portionsOf(outcomes, ROWS_PER_STATEMENT_MAX)) {
        const rows = portion.map(({ fixtureId, side, sha, count }) => ({
          repo,
          fixture_id: fixtureId,
          run_id: runId,
          side,
          sha,
          ...count,
          at,
        }));
        await callDatabase("note how trials came out", () =>
          kysely
            .insertInto("fixture_outcomes")
            .values(rows)
            .onConflict((conflict) =>
              conflict.columns(["repo", "fixture_id", "run_id", "side"]).doUpdateSet(({ ref }) => ({
                sha: ref("excluded.sha"),
                passed: ref("excluded.passed"),
                failed: ref("excluded.failed"),
                at: ref("excluded.at"),
              })),
            )
            .execute(),
        );
      }
    },

    async searchWavering(repo, fixtureIds, since) {
      if (fixtureIds.length === 0) return [];
      const table = sql.table(`${SCHEMA}.fixture_outcomes`);
      const { rows } = await callDatabase("count how trials came out", () =>
        sql<WaveringRow>`
          select fixture_id, side, count(*)::int as commits, (count(*) filter (where passed > 0 and failed > 0))::int as both
          from (
            select fixture_id, side, sha, sum(passed) as passed, sum(failed) as failed
            from ${table}
            where repo = ${repo} and fixture_id = any(${[...fixtureIds]}::text[]) and at >= ${since}
            group by fixture_id, side, sha
            having sum(passed) + sum(failed) > 1
          ) as by_commit
          group by fixture_id, side
          order by fixture_id, side
        `.execute(kysely),
      );
      return rows.map(({ fixture_id, ...row }) => ({ fixtureId: fixture_id, ...row }));
    },

    pruneOutcomes: (before) => pruneRows(kysely, "fixture_outcomes", sql`at < ${before}`),
  };
}
