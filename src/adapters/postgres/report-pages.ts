import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { type Kysely, sql } from "kysely";
import type { ReportPages } from "../../ports/report-pages.ts";
import { callDatabase } from "./call-database.ts";
import { pruneRows } from "./prune-rows.ts";
import type { Tables } from "./tables.ts";

/** What a row may grow to; ours are smaller, and no row that somebody made may fill the memory. */
const HTML_BYTES_MAX = 32 * 1024 * 1024;

const compress = promisify<string, Buffer>(gzip);
const expand = promisify<Uint8Array, { readonly maxOutputLength: number }, Buffer>(gunzip);

/** Keeps the pages of runs in PostgreSQL, compressed. */
export function postgresReportPages(kysely: Kysely<Tables>): ReportPages {
  return {
    async savePage({ id, repo, html, madeAt }) {
      const page = { repo, content: await compress(html), made_at: madeAt };
      await callDatabase("keep the page of a run", () =>
        kysely
          .insertInto("report_pages")
          .values({ id, ...page })
          .onConflict((conflict) => conflict.column("id").doUpdateSet(page))
          .execute(),
      );
    },

    async fetchPage(id, madeSince) {
      const row = await callDatabase("read the page of a run", () =>
        kysely
          .selectFrom("report_pages")
          .select("content")
          .where("id", "=", id)
          .where("made_at", ">=", madeSince)
          .executeTakeFirst(),
      );
      if (row === undefined) return undefined;
      return (await expand(row.content, { maxOutputLength: HTML_BYTES_MAX })).toString("utf8");
    },

    prunePages: (before) => pruneRows(kysely, "report_pages", sql`made_at < ${before}`),
  };
}
