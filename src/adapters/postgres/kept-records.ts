import { type Kysely, sql } from "kysely";
import { SCHEMA, type Tables } from "./tables.ts";

/** The tables that keep something under the name of a repository, and what tells the rows of one repository apart. */
const KEPT_BY_NAME: Readonly<Record<string, readonly string[]>> = {
  gate_runs: ["id"],
  held_fixtures: ["fixture_id"],
  standalone_runs: ["kind", "subject"],
  branch_results: ["fixture_id"],
  incidents: ["issue"],
  last_configs: [],
  setups: [],
  generations: ["pull_request"],
  decisions: ["id"],
  fixture_outcomes: ["fixture_id", "run_id", "side"],
  report_pages: ["id"],
};

/** Moves all that is kept under one name to another, as part of a transaction; where something is kept there already, that is the newer, unless its time says otherwise. */
export async function moveRecords(transaction: Kysely<Tables>, from: string, to: string): Promise<void> {
  const incidents = sql.table(`${SCHEMA}.incidents`);
  await sql`delete from ${incidents} as older using ${incidents} as newer
    where older.repo = ${to} and newer.repo = ${from} and newer.issue = older.issue
      and newer.updated_at > older.updated_at`.execute(transaction);
  for (const [name, keys] of Object.entries(KEPT_BY_NAME)) {
    const table = sql.table(`${SCHEMA}.${name}`);
    const sameKeys = keys.map((key) => sql`and newer.${sql.ref(key)} = older.${sql.ref(key)}`);
    await sql`delete from ${table} as older where older.repo = ${from} and exists
      (select 1 from ${table} as newer where newer.repo = ${to} ${sql.join(sameKeys, sql` `)})`.execute(
      transaction,
    );
    await sql`update ${table} set repo = ${to} where repo = ${from}`.execute(transaction);
  }
  await moveCreations(transaction, from.toLowerCase(), to.toLowerCase());
}

/** What was created is kept under a text that begins with the name in small letters and a space. */
async function moveCreations(transaction: Kysely<Tables>, from: string, to: string): Promise<void> {
  if (from === to) return;
  const table = sql.table(`${SCHEMA}.creations`);
  const moved = sql`${to}::text || substr(older.key, length(${from}::text) + 1)`;
  const isOf = sql`starts_with(older.key, ${`${from} `})`;
  await sql`delete from ${table} as older where ${isOf} and exists
    (select 1 from ${table} as newer where newer.key = ${moved})`.execute(transaction);
  await sql`update ${table} as older set key = ${moved} where ${isOf}`.execute(transaction);
}

/** Removes all that is kept under a name, as part of a transaction. */
export async function forgetRecords(transaction: Kysely<Tables>, repo: string): Promise<void> {
  for (const name of Object.keys(KEPT_BY_NAME))
    await sql`delete from ${sql.table(`${SCHEMA}.${name}`)} where repo = ${repo}`.execute(transaction);
  const creations = sql.table(`${SCHEMA}.creations`);
  await sql`delete from ${creations} where starts_with(key, ${`${repo.toLowerCase()} `})`.execute(
    transaction,
  );
}
