import type { Kysely } from "kysely";
import { readFindings, writeFindings } from "../../core/report/keep-findings.ts";
import type { FindingRecords } from "../../ports/records.ts";
import { callDatabase } from "./call-database.ts";
import type { Tables } from "./tables.ts";

/** Remembers what the checks of runs were decided from in PostgreSQL. */
export function postgresFindings(kysely: Kysely<Tables>): FindingRecords {
  return {
    async saveFindings(runId, given) {
      const findings = writeFindings(given);
      await callDatabase("save what checks were decided from", () =>
        kysely
          .insertInto("gate_findings")
          .values({ run_id: runId, findings })
          .onConflict((conflict) => conflict.column("run_id").doUpdateSet({ findings }))
          .execute(),
      );
    },

    async fetchFindings(runId) {
      const row = await callDatabase("read what checks were decided from", () =>
        kysely.selectFrom("gate_findings").select("findings").where("run_id", "=", runId).executeTakeFirst(),
      );
      return row === undefined ? undefined : readFindings(row.findings);
    },
  };
}
