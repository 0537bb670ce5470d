import type { Kysely, Selectable } from "kysely";
import type { GateRun, GateRuns } from "../../ports/records.ts";
import { callDatabase } from "./call-database.ts";
import type { GateRunsTable, Tables } from "./tables.ts";

/** The most runs that one search gives back. */
const RUNS_MAX = 1_000;

/** Remembers gate runs in PostgreSQL. */
export function postgresGateRuns(kysely: Kysely<Tables>): GateRuns {
  return {
    async fetchRun(id) {
      const row = await callDatabase("read a gate run", () =>
        kysely.selectFrom("gate_runs").selectAll().where("id", "=", id).executeTakeFirst(),
      );
      return row === undefined ? undefined : runOf(row);
    },

    async saveRun(run) {
      const { id, created_at, ...rest } = rowOf(run);
      await callDatabase("save a gate run", () =>
        kysely
          .insertInto("gate_runs")
          .values({ id, created_at, ...rest })
          .onConflict((conflict) => conflict.column("id").doUpdateSet(rest))
          .execute(),
      );
    },

    async searchRunning() {
      const rows = await callDatabase("list running gate runs", () =>
        kysely
          .selectFrom("gate_runs")
          .selectAll()
          .where("state", "=", "running")
          .orderBy("created_at", "asc")
          .limit(RUNS_MAX)
          .execute(),
      );
      return rows.map(runOf);
    },

    async searchByHead(repo, headSha) {
      const rows = await callDatabase("list the gate runs of a commit", () =>
        kysely
          .selectFrom("gate_runs")
          .selectAll()
          .where("repo", "=", repo)
          .where("head_sha", "=", headSha)
          .orderBy("created_at", "desc")
          .limit(RUNS_MAX)
          .execute(),
      );
      return rows.map(runOf);
    },
  };
}

function runOf(row: Selectable<GateRunsTable>): GateRun {
  return {
    id: row.id,
    repo: row.repo,
    pullRequest: row.pull_request,
    headSha: row.head_sha,
    baseSha: row.base_sha,
    state: row.state,
    checkRunIds: row.check_run_ids,
    result: row.result,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function rowOf(run: GateRun) {
  return {
    id: run.id,
    repo: run.repo,
    pull_request: run.pullRequest,
    head_sha: run.headSha,
    base_sha: run.baseSha,
    state: run.state,
    check_run_ids: JSON.stringify(run.checkRunIds),
    result: JSON.stringify(run.result ?? null),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
  };
}
