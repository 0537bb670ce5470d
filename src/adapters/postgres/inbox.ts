import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { ClaimedDelivery, HandledDelivery, Inbox } from "../../ports/inbox.ts";
import { callDatabase } from "./call-database.ts";
import { bumpGenerationsWithin } from "./generations.ts";
import type { Database } from "./open-database.ts";
import { SCHEMA, type Tables } from "./tables.ts";

/** Far longer than a batch takes; this is how long what a dead process had waits on a shared database. */
const LEASE_SECONDS = 10;
const BATCH_MAX = 100;
/** Payloads of a batch, unless one alone is larger: they are in memory together. */
const BATCH_BYTES_MAX = 8 * 1024 * 1024;
/** How many come together at their second attempt; from the third on each comes alone. */
const SECOND_ATTEMPT_BATCH_MAX = 10;
/** Every so many claims those with an attempt behind them go first, or new ones could hold them back for ever. */
const AGAIN_FIRST_EVERY = 8;
const PROBLEM_LENGTH_MAX = 2_000;
const DELIVERIES = sql.table(`${SCHEMA}.deliveries`);

/** Queues jobs as part of a transaction. */
export type EnqueueWithin<J> = (transaction: Kysely<Tables>, jobs: readonly J[]) => Promise<unknown>;

/** Opens the inbox; where no other process can be at work, what a dead one had is free at once. */
export async function openInbox<J>(
  { kysely, exclusive }: Database,
  enqueueWithin: EnqueueWithin<J>,
): Promise<Inbox<J>> {
  if (exclusive) {
    await callDatabase("free the deliveries of an earlier process", () =>
      kysely
        .updateTable("deliveries")
        .set({ lease_until: null })
        .where("state", "=", "waiting")
        .where("lease_until", "is not", null)
        .execute(),
    );
  }
  let claims = 0;
  return {
    async claim() {
      claims += 1;
      const token = randomUUID();
      const [first, second] =
        claims % AGAIN_FIRST_EVERY === 0 ? [claimAgain, claimNew] : [claimNew, claimAgain];
      const deliveries = await callDatabase("hand out deliveries", async () => {
        const found = await first(kysely, token);
        return found.length > 0 ? found : second(kysely, token);
      });
      return { token, deliveries };
    },

    async settle({ token }, handled) {
      await callDatabase("settle deliveries", () =>
        kysely.transaction().execute(async (transaction) => {
          const ours = await markWithin(transaction, token, handled);
          const processed = handled
            .filter((one) => one.kind === "processed")
            .filter(({ id }) => ours.has(id));
          const touched = processed.flatMap((one) => one.touched);
          const jobs = processed.flatMap((one) => one.jobs);
          // First, so that a job that starts in between has counted these events as seen.
          if (touched.length > 0) await bumpGenerationsWithin(transaction, touched);
          if (jobs.length > 0) await enqueueWithin(transaction, jobs);
        }),
      );
    },

    async release({ token }) {
      await callDatabase("give back deliveries", () =>
        kysely
          .updateTable("deliveries")
          .set((row) => ({ attempts: row("attempts", "-", 1), lease_until: null, lease_token: null }))
          .where("lease_token", "=", token)
          .where("state", "=", "waiting")
          .execute(),
      );
    },
  };
}

function claimNew(kysely: Kysely<Tables>, token: string): Promise<readonly ClaimedDelivery[]> {
  return claimSome(kysely, token, sql`attempts = 0`, BATCH_MAX);
}

function claimAgain(kysely: Kysely<Tables>, token: string): Promise<readonly ClaimedDelivery[]> {
  const isFree = sql`attempts > 0 and (lease_until is null or lease_until < now())`;
  return claimSome(kysely, token, isFree, SECOND_ATTEMPT_BATCH_MAX);
}

async function claimSome(
  kysely: Kysely<Tables>,
  token: string,
  which: ReturnType<typeof sql>,
  countMax: number,
): Promise<readonly ClaimedDelivery[]> {
  const { rows } = await sql<ClaimedDelivery>`
    with found as (
      select id, attempts, received_at, octet_length(payload) as bytes
      from ${DELIVERIES}
      where state = 'waiting' and ${which}
      order by attempts, received_at
      limit ${sql.lit(countMax)}
      for update skip locked
    ), placed as (
      select id, attempts,
        row_number() over in_order as place,
        sum(bytes) over in_order - bytes as bytes_before
      from found
      window in_order as (order by attempts, received_at, id)
    ), taken as (
      select id from placed
      where place = 1 or (attempts <= 1 and bytes_before < ${sql.lit(BATCH_BYTES_MAX)})
    )
    update ${DELIVERIES} as delivery
    set attempts = delivery.attempts + 1,
      lease_until = now() + ${sql.lit(`${LEASE_SECONDS} seconds`)}::interval,
      lease_token = ${token}
    from taken
    where delivery.id = taken.id
    returning delivery.id, delivery.event, delivery.payload, delivery.received_at as "receivedAt",
      delivery.attempts as attempt
  `.execute(kysely);
  return rows;
}

/** Marks the deliveries that are still ours, and answers which these are. */
async function markWithin(
  transaction: Kysely<Tables>,
  token: string,
  handled: readonly HandledDelivery<unknown>[],
): Promise<ReadonlySet<string>> {
  const ids = handled.map(({ id }) => id);
  const problems = handled.map((one) => (one.kind === "failed" ? problemText(one.because) : null));
  const { rows } = await sql<{ readonly id: string }>`
    update ${DELIVERIES} as delivery
    set state = case when handled.problem is null then 'processed' else 'failed' end,
      problem = handled.problem,
      settled_at = now(),
      lease_until = null
    from unnest(${ids}::text[], ${problems}::text[]) as handled (id, problem)
    where delivery.id = handled.id and delivery.lease_token = ${token} and delivery.state = 'waiting'
    returning delivery.id
  `.execute(transaction);
  return new Set(rows.map(({ id }) => id));
}

/** The database stores no zero character. */
function problemText(because: string): string {
  return because.replaceAll("\0", "").slice(0, PROBLEM_LENGTH_MAX);
}
