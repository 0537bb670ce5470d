import { type Kysely, sql } from "kysely";
import type { NamedRepository, RepositoryNames } from "../../ports/sweep-records.ts";
import { callDatabase } from "./call-database.ts";
import { forgetRecords, moveRecords } from "./kept-records.ts";
import { portionsOf } from "./portions.ts";
import type { Tables } from "./tables.ts";

const ROWS_PER_STATEMENT_MAX = 500;
/** The most repositories that one pruning forgets; the next one goes on. */
const PRUNED_MAX = 100;
/** That a repository is still called the same is noted this often, not at every job. */
const NAMED_AGAIN_AFTER_MS = 24 * 60 * 60 * 1_000;

/** Remembers in PostgreSQL which repository has which name. */
export function postgresRepositoryNames(kysely: Kysely<Tables>): RepositoryNames {
  return {
    async saveNames(named, at) {
      for (const portion of portionsOf(named, ROWS_PER_STATEMENT_MAX)) {
        const known = await readKnown(kysely, portion);
        const same = portion.filter((one) => isSame(known.get(one.id), one));
        await noteAgain(kysely, same, at);
        for (const one of portion.filter((candidate) => !same.includes(candidate)))
          await callDatabase(`note that a repository is called ${one.name}`, () =>
            kysely.transaction().execute((transaction) => rename(transaction, one, at)),
          );
      }
    },

    async gather(id, formerName) {
      await callDatabase(`take along what was left under ${formerName}`, async () => {
        const [row] = await kysely.selectFrom("repositories").select("name").where("id", "=", id).execute();
        if (row === undefined || row.name === formerName || isAside(row.name)) return;
        await kysely.transaction().execute((transaction) => takeAlong(transaction, id, formerName));
      });
    },

    async fetchId(name) {
      const row = await callDatabase("read which repository has a name", () =>
        kysely.selectFrom("repositories").select("id").where("name", "=", name).executeTakeFirst(),
      );
      return row === undefined ? undefined : Number(row.id);
    },

    async searchByInstallation(installationId) {
      const rows = await callDatabase("list the repositories of an installation", () =>
        kysely
          .selectFrom("repositories")
          .selectAll()
          .where("installation_id", "=", installationId)
          .orderBy("name")
          .execute(),
      );
      return rows
        .map((row) => ({ id: Number(row.id), installationId, name: row.name }))
        .filter(({ name }) => !isAside(name));
    },

    async pruneUnnamed(before) {
      return await callDatabase("forget repositories that are gone", () =>
        kysely.transaction().execute(async (transaction) => {
          const gone = await transaction
            .selectFrom("repositories")
            .select(["id", "name"])
            .where("named_at", "<", before)
            .limit(PRUNED_MAX)
            .execute();
          for (const { id, name } of gone) {
            await forgetRecords(transaction, name);
            await transaction.deleteFrom("repositories").where("id", "=", Number(id)).execute();
          }
          return gone.length;
        }),
      );
    },
  };
}

interface Known {
  readonly installationId: number;
  readonly name: string;
}

async function readKnown(
  kysely: Kysely<Tables>,
  named: readonly NamedRepository[],
): Promise<ReadonlyMap<number, Known>> {
  const ids = named.map(({ id }) => id);
  const rows = await callDatabase("read the names of repositories", () =>
    kysely.selectFrom("repositories").selectAll().where("id", "in", ids).execute(),
  );
  return new Map(
    rows.map((row) => [Number(row.id), { installationId: Number(row.installation_id), name: row.name }]),
  );
}

function isSame(known: Known | undefined, { name, installationId }: NamedRepository): boolean {
  return known?.name === name && known.installationId === installationId;
}

async function noteAgain(kysely: Kysely<Tables>, same: readonly NamedRepository[], at: Date): Promise<void> {
  if (same.length === 0) return;
  await callDatabase("note that repositories are called the same", () =>
    kysely
      .updateTable("repositories")
      .set({ named_at: at })
      .where(
        "id",
        "in",
        same.map(({ id }) => id),
      )
      .where("named_at", "<", new Date(at.getTime() - NAMED_AGAIN_AFTER_MS))
      .execute(),
  );
}

/** Two repositories can swap their names, so one renaming at a time. */
async function lockNames(transaction: Kysely<Tables>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('repository names', 0))`.execute(transaction);
}

/** Where another repository has the name by now, what stands there is that one's. */
async function takeAlong(transaction: Kysely<Tables>, id: number, formerName: string): Promise<void> {
  await lockNames(transaction);
  const rows = await transaction
    .selectFrom("repositories")
    .select("name")
    .where("id", "=", id)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom("repositories as holder").select("id").where("holder.name", "=", formerName))),
    )
    .execute();
  for (const { name } of rows) if (!isAside(name)) await moveRecords(transaction, formerName, name);
}

/** What stands under the name in the way is set aside first. */
async function rename(transaction: Kysely<Tables>, named: NamedRepository, at: Date): Promise<void> {
  await lockNames(transaction);
  const { id, installationId, name, formerName } = named;
  const known = (await readKnown(transaction, [named])).get(id)?.name;
  await setAside(transaction, name, id);
  const former = known ?? (await unnamed(transaction, formerName));
  if (former !== undefined && former !== name) await moveRecords(transaction, former, name);
  const row = { installation_id: installationId, name, named_at: at };
  await transaction
    .insertInto("repositories")
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column("id").doUpdateSet(row))
    .execute();
}

async function setAside(transaction: Kysely<Tables>, name: string, forId: number): Promise<void> {
  const holders = await transaction
    .selectFrom("repositories")
    .select("id")
    .where("name", "=", name)
    .where("id", "!=", forId)
    .execute();
  for (const { id } of holders) {
    await moveRecords(transaction, name, asideName(Number(id)));
    await transaction
      .updateTable("repositories")
      .set({ name: asideName(Number(id)) })
      .where("id", "=", Number(id))
      .execute();
  }
}

/** A former name counts only where no other repository is known to have it. */
async function unnamed(
  transaction: Kysely<Tables>,
  formerName: string | undefined,
): Promise<string | undefined> {
  if (formerName === undefined) return undefined;
  const holder = await transaction
    .selectFrom("repositories")
    .select("id")
    .where("name", "=", formerName)
    .executeTakeFirst();
  return holder === undefined ? formerName : undefined;
}

/** No repository can be called so. */
function asideName(id: number): string {
  return `#${id}`;
}

function isAside(name: string): boolean {
  return name.startsWith("#");
}
