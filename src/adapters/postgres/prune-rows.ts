import { type Kysely, type RawBuilder, sql } from "kysely";
import { callDatabase } from "./call-database.ts";
import { SCHEMA, type Tables } from "./tables.ts";

/** How many rows one statement removes: what it locks and logs stays small, and others get their turn in between. */
const PORTION_ROWS_MAX = 2_000;
/** What is left then is for the next time. */
const PORTIONS_MAX = 1_000;

/** Removes the rows that meet a condition, in portions, and answers how many there were; rows that somebody holds are left. */
export async function pruneRows(
  kysely: Kysely<Tables>,
  table: keyof Tables,
  condition: RawBuilder<unknown>,
): Promise<number> {
  return changeInPortions(
    kysely,
    table,
    condition,
    (rows) => sql`delete from ${rows.table} where ${rows.chosen}`,
  );
}

/** Changes the rows that meet a condition, in portions, and answers how many there were; the condition must not hold any more afterwards. */
export async function clearRows(
  kysely: Kysely<Tables>,
  table: keyof Tables,
  condition: RawBuilder<unknown>,
  change: RawBuilder<unknown>,
): Promise<number> {
  return changeInPortions(
    kysely,
    table,
    condition,
    (rows) => sql`update ${rows.table} set ${change} where ${rows.chosen}`,
  );
}

async function changeInPortions(
  kysely: Kysely<Tables>,
  name: keyof Tables,
  condition: RawBuilder<unknown>,
  statement: (rows: {
    readonly table: RawBuilder<unknown>;
    readonly chosen: RawBuilder<unknown>;
  }) => RawBuilder<unknown>,
): Promise<number> {
  const table = sql.table(`${SCHEMA}.${name}`);
  const chosen = sql`ctid = any(array(
    select ctid from ${table} where ${condition} limit ${sql.lit(PORTION_ROWS_MAX)} for update skip locked
  ))`;
  let changed = 0;
  for (let portion = 0; portion < PORTIONS_MAX; portion++) {
    const { numAffectedRows = 0n } = await callDatabase(`prune ${name}`, () =>
      statement({ table, chosen }).execute(kysely),
    );
    changed += Number(numAffectedRows);
    if (numAffectedRows < PORTION_ROWS_MAX) break;
  }
  return changed;
}
