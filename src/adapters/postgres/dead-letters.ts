import { type Kysely, sql } from "kysely";
import type { DeadLetter, DeadLetters, Decision } from "../../ports/dead-letters.ts";
import { callDatabase } from "./call-database.ts";
import { pruneRows } from "./prune-rows.ts";
import { SCHEMA, type Tables } from "./tables.ts";

/** Failed deliveries are no jobs: their ids cannot be mistaken for those of jobs, which hold no colon. */
const DELIVERY_PREFIX = "delivery:";
const REASON_LENGTH_MAX = 2_000;
const PLACE_LENGTH_MAX = 300;

/**
 * Keeps in PostgreSQL what was given up.
 *
 * A failed delivery stays where deliveries are kept, and is on the list while it is failed there; only a
 * decision not to try it again has a row here, which counts until the delivery fails anew.
 */
export function postgresDeadLetters(kysely: Kysely<Tables>): DeadLetters {
  return {
    async saveGivenUp({ job, because, place, ...rest }) {
      const row = {
        ...rest,
        job: JSON.stringify(job),
        because: storable(because, REASON_LENGTH_MAX),
        place: storable(place, PLACE_LENGTH_MAX),
      };
      await callDatabase("keep a job that was given up", () =>
        kysely
          .insertInto("dead_letters")
          .values(row)
          .onConflict((conflict) => conflict.column("id").doNothing())
          .execute(),
      );
    },

    async searchOpen(countMax) {
      const { rows } = await callDatabase("list what was given up", () =>
        sql<DeadLetter & { readonly total: number }>`
          select *, (count(*) over ())::int as total from (${openLetters}) as open
          order by at desc, id limit ${countMax}
        `.execute(kysely),
      );
      return { letters: rows.map(letterOf), total: rows[0]?.total ?? 0 };
    },

    async fetchOpen(id) {
      const { rows } = await callDatabase("read what was given up", () =>
        sql<DeadLetter>`select * from (${openLetters}) as open where id = ${id}`.execute(kysely),
      );
      return rows[0] === undefined ? undefined : letterOf(rows[0]);
    },

    decide(decision) {
      return callDatabase("note a decision about what was given up", () =>
        decision.id.startsWith(DELIVERY_PREFIX)
          ? decideOnDelivery(kysely, decision)
          : decideOnJob(kysely, decision),
      );
    },

    pruneBefore: (before) => pruneRows(kysely, "dead_letters", sql`at < ${before}`),
  };
}

const LETTERS = sql.table(`${SCHEMA}.dead_letters`);
const DELIVERIES = sql.table(`${SCHEMA}.deliveries`);

/** A decision counts for the failure that it was about, and no longer than until the delivery fails anew. */
const isUndecided = sql`not exists (
  select from ${LETTERS} as letter
  where letter.id = ${sql.lit(DELIVERY_PREFIX)} || delivery.id and letter.at >= delivery.settled_at
)`;

/** The rows of what nobody has decided about. */
export const openLetters = sql`
  select id, kind, place, job, because, attempts, at from ${LETTERS} where decision is null
  union all
  select ${sql.lit(DELIVERY_PREFIX)} || delivery.id, 'delivery', delivery.event, null,
    coalesce(delivery.problem, ''), delivery.attempts, delivery.settled_at
  from ${DELIVERIES} as delivery
  where delivery.state = 'failed' and ${isUndecided}
`;

async function decideOnJob(kysely: Kysely<Tables>, { id, how, by, at }: Decision): Promise<boolean> {
  const { numUpdatedRows } = await kysely
    .updateTable("dead_letters")
    .set({ decision: how, decided_by: by, decided_at: at })
    .where("id", "=", id)
    .where("decision", "is", null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function decideOnDelivery(kysely: Kysely<Tables>, { id, how, by, at }: Decision): Promise<boolean> {
  const deliveryId = id.slice(DELIVERY_PREFIX.length);
  return kysely.transaction().execute(async (transaction) => {
    const { rows } = await sql`
      insert into ${LETTERS} (id, kind, place, because, attempts, at, decision, decided_by, decided_at)
      select ${id}, 'delivery', delivery.event, coalesce(delivery.problem, ''), delivery.attempts,
        delivery.settled_at, ${how}, ${by}, ${at}
      from ${DELIVERIES} as delivery
      where delivery.id = ${deliveryId} and delivery.state = 'failed' and ${isUndecided}
      on conflict (id) do update set place = excluded.place, because = excluded.because,
        attempts = excluded.attempts, at = excluded.at, decision = excluded.decision,
        decided_by = excluded.decided_by, decided_at = excluded.decided_at
      returning id
    `.execute(transaction);
    if (rows.length === 0) return false;
    if (how === "retried")
      await transaction
        .updateTable("deliveries")
        .set({ state: "waiting", problem: null, settled_at: null, attempts: 0 })
        .where("id", "=", deliveryId)
        .execute();
    return true;
  });
}

function letterOf({ id, kind, place, job, because, attempts, at }: DeadLetter): DeadLetter {
  return { id, kind, place, job: job ?? undefined, because, attempts, at };
}

/** The database stores no zero character. */
function storable(text: string, lengthMax: number): string {
  return text.replaceAll("\0", "").slice(0, lengthMax);
}
