import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { type Kysely, sql } from "kysely";
import { readStoredTrial, writeStoredTrial } from "../../core/trial/stored-trial.ts";
import type { TrialPruning, TrialStore } from "../../ports/trial-store.ts";
import { callDatabase } from "./call-database.ts";
import { pruneRows } from "./prune-rows.ts";
import type { Tables } from "./tables.ts";

/** A trial that is longer is not kept. */
const BYTES_MAX = 1024 * 1024;
/** What a row may grow to; ours are smaller by far, and no row that somebody made may fill the memory. */
const TEXT_BYTES_MAX = 64 * 1024 * 1024;

const compress = promisify<string, Buffer>(gzip);
const expand = promisify<Uint8Array, { readonly maxOutputLength: number }, Buffer>(gunzip);

/** Keeps trials in PostgreSQL; a row that cannot be read is none. */
export function postgresTrials(kysely: Kysely<Tables>): TrialStore & TrialPruning {
  return {
    async find(key) {
      const row = await callDatabase("read a trial", () =>
        kysely.selectFrom("trials").select("content").where("key", "=", key).executeTakeFirst(),
      );
      if (row === undefined) return undefined;
      const text = await expand(row.content, { maxOutputLength: TEXT_BYTES_MAX }).catch(() => undefined);
      return text === undefined ? undefined : readStoredTrial(text.toString("utf8"));
    },

    async keep(key, trial) {
      const content = await compress(writeStoredTrial(trial));
      if (content.length > BYTES_MAX) return;
      await callDatabase("keep a trial", () =>
        kysely
          .insertInto("trials")
          .values({ key, content })
          .onConflict((conflict) =>
            conflict.column("key").doUpdateSet({ content, kept_at: sql<Date>`now()` }),
          )
          .execute(),
      );
    },

    pruneTrials: (before) => pruneRows(kysely, "trials", sql`kept_at < ${before}`),
  };
}
