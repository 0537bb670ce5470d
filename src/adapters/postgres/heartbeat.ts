import type { Kysely } from "kysely";
import { callDatabase } from "./call-database.ts";
import type { Tables } from "./tables.ts";

/** The one row that every process writes: whoever wrote last, the store took it. */
const NAME = "ready";

/** Makes the function that proves that the store can be written, by writing a line; throws ExternalFailure where it cannot. */
export function postgresHeartbeat(kysely: Kysely<Tables>): (at: Date) => Promise<void> {
  return async (at) => {
    await callDatabase("be written", () =>
      kysely
        .insertInto("heartbeats")
        .values({ name: NAME, at })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ at }))
        .execute(),
    );
  };
}
