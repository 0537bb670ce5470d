import type { Kysely, Selectable } from "kysely";
import type { IncidentRecord, IncidentRecords } from "../../ports/records.ts";
import { callDatabase } from "./call-database.ts";
import type { IncidentsTable, Tables } from "./tables.ts";

/** Remembers incidents in PostgreSQL. */
export function postgresIncidentRecords(kysely: Kysely<Tables>): IncidentRecords {
  return {
    async fetchIncident(repo, issue) {
      const row = await callDatabase("read an incident", () =>
        kysely
          .selectFrom("incidents")
          .selectAll()
          .where("repo", "=", repo)
          .where("issue", "=", issue)
          .executeTakeFirst(),
      );
      return row === undefined ? undefined : recordOf(row);
    },

    async saveIncident(record) {
      const { repo, issue, ...rest } = rowOf(record);
      await callDatabase("save an incident", () =>
        kysely
          .insertInto("incidents")
          .values({ repo, issue, ...rest })
          .onConflict((conflict) => conflict.columns(["repo", "issue"]).doUpdateSet(rest))
          .execute(),
      );
    },
  };
}

function recordOf(row: Selectable<IncidentsTable>): IncidentRecord {
  return {
    repo: row.repo,
    issue: row.issue,
    bodyHash: row.body_hash,
    state: row.state,
    lastWrittenSha: row.last_written_sha ?? undefined,
    jobId: row.job_id ?? undefined,
    updatedAt: row.updated_at,
  };
}

function rowOf(record: IncidentRecord) {
  return {
    repo: record.repo,
    issue: record.issue,
    body_hash: record.bodyHash,
    state: record.state,
    last_written_sha: record.lastWrittenSha ?? null,
    job_id: record.jobId ?? null,
    updated_at: record.updatedAt,
  };
}
