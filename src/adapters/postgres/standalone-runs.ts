import { type Kysely, type Selectable, sql } from "kysely";
import type { StandaloneRun, StandaloneRuns } from "../../ports/standalone-runs.ts";
import { callDatabase } from "./call-database.ts";
import { pruneRows } from "./prune-rows.ts";
import type { StandaloneRunsTable, Tables } from "./tables.ts";

/** The most runs that one search gives back. */
const RUNS_MAX = 1_000;

/** Remembers in PostgreSQL the runs that no pull request asked for. */
export function postgresStandaloneRuns(kysely: Kysely<Tables>): StandaloneRuns {
  return {
    async fetchRun({ repo, kind, subject }) {
      const row = await callDatabase("read a run that no pull request asked for", () =>
        kysely
          .selectFrom("standalone_runs")
          .selectAll()
          .where("repo", "=", repo)
          .where("kind", "=", kind)
          .where("subject", "=", subject)
          .executeTakeFirst(),
      );
      return row === undefined ? undefined : runOf(row);
    },

    async saveRun(run) {
      const { repo, kind, subject, created_at, ...rest } = rowOf(run);
      const saved = await callDatabase("save a run that no pull request asked for", () =>
        kysely
          .insertInto("standalone_runs")
          .values({ repo, kind, subject, created_at, ...rest })
          .onConflict((conflict) =>
            conflict
              .columns(["repo", "kind", "subject"])
              .doUpdateSet(rest)
              .where((row) =>
                row.or([
                  row("standalone_runs.state", "<>", "cancelled"),
                  row(row.val(run.state), "=", "cancelled"),
                ]),
              ),
          )
          .returning("id")
          .executeTakeFirst(),
      );
      return saved !== undefined;
    },

    async searchRunning() {
      const rows = await callDatabase("list running runs that no pull request asked for", () =>
        kysely
          .selectFrom("standalone_runs")
          .selectAll()
          .where("state", "=", "running")
          .orderBy("created_at", "asc")
          .limit(RUNS_MAX)
          .execute(),
      );
      return rows.map(runOf);
    },

    pruneOver: (before) =>
      pruneRows(kysely, "standalone_runs", sql`state <> 'running' and updated_at < ${before}`),
  };
}

function runOf(row: Selectable<StandaloneRunsTable>): StandaloneRun {
  return {
    id: row.id,
    installationId: Number(row.installation_id),
    repo: row.repo,
    kind: row.kind,
    subject: row.subject,
    headSha: row.head_sha,
    state: row.state,
    checkRunIds: row.check_run_ids,
    answer: row.answer ?? undefined,
    jobId: row.job_id,
    job: row.job,
    result: row.result,
    reports: row.reports,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function rowOf(run: StandaloneRun) {
  return {
    repo: run.repo,
    kind: run.kind,
    subject: run.subject,
    id: run.id,
    installation_id: run.installationId,
    head_sha: run.headSha,
    state: run.state,
    check_run_ids: JSON.stringify(run.checkRunIds),
    answer: run.answer === undefined ? null : JSON.stringify(run.answer),
    job_id: run.jobId,
    job: JSON.stringify(run.job ?? null),
    result: JSON.stringify(run.result ?? null),
    reports: run.reports,
    created_at: run.createdAt,
    updated_at: run.updatedAt,
  };
}
