import { type Kysely, type Selectable, sql } from "kysely";
import type { GateRun, GateRuns } from "../../ports/records.ts";
import { callDatabase } from "./call-database.ts";
import { pruneRows } from "./prune-rows.ts";
import type { GateRunsTable, Tables } from "./tables.ts";

/** The most runs that one search gives back. */
const RUNS_MAX = 1_000;

/** Remembers gate runs in PostgreSQL. */
export function postgresGateRuns(kysely: Kysely<Tables>): GateRuns {
  return {
    async saveRun(run) {
      // A run stays with its repository, which may have got another name since it began.
      const { id, repo, created_at, ...rest } = rowOf(run);
      await callDatabase("save a gate run", () =>
        kysely
          .insertInto("gate_runs")
          .values({ id, repo, created_at, ...rest })
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

    async searchByPullRequest(repo, pullRequest) {
      const rows = await callDatabase("list the gate runs of a pull request", () =>
        kysely
          .selectFrom("gate_runs")
          .selectAll()
          .where("repo", "=", repo)
          .where("pull_request", "=", pullRequest)
          .orderBy("created_at", "desc")
          .limit(RUNS_MAX)
          .execute(),
      );
      return rows.map(runOf);
    },

    pruneOver: (before) => pruneRows(kysely, "gate_runs", sql`state <> 'running' and updated_at < ${before}`),
  };
}

function runOf(row: Selectable<GateRunsTable>): GateRun {
  return {
    id: row.id,
    installationId: row.installation_id === null ? undefined : Number(row.installation_id),
    repo: row.repo,
    pullRequest: row.pull_request,
    headSha: row.head_sha,
    baseSha: row.base_sha,
    judgedBy: row.judged_by,
    state: row.state,
    approved: row.approved,
    jobId: row.job_id ?? undefined,
    checkRunIds: row.check_run_ids,
    checks: row.checks ?? undefined,
    outage: row.outage,
    result: row.result,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function rowOf(run: GateRun) {
  return {
    id: run.id,
    installation_id: run.installationId ?? null,
    repo: run.repo,
    pull_request: run.pullRequest,
    head_sha: run.headSha,
    base_sha: run.baseSha,
    judged_by: run.judgedBy,
    state: run.state,
    approved: run.approved,
    job_id: run.jobId ?? null,
    check_run_ids: JSON.stringify(run.checkRunIds),
    checks: run.checks === undefined ? null : JSON.stringify(run.checks),
    outage: run.outage,
    result: JSON.stringify(run.result ?? null),
    created_at: run.createdAt,
    updated_at: run.updatedAt,
  };
}
