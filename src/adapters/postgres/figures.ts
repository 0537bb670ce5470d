import { type Kysely, sql } from "kysely";
import type { Figures, QueueFigures, StoreFigures } from "../../ports/figures.ts";
import { callDatabase } from "./call-database.ts";
import { openLetters } from "./dead-letters.ts";
import { GIVEN_UP_QUEUE } from "./queue-setup.ts";
import { SCHEMA, type Tables } from "./tables.ts";

/** Who looks at figures must not hold up who works; the embedded engine has no such limit. */
const STATEMENT_TIMEOUT_MS = 2_000;
const DELIVERIES = sql.table(`${SCHEMA}.deliveries`);
const RUNS = sql.table(`${SCHEMA}.gate_runs`);

/** Reads from PostgreSQL how the store and the queues of these kinds stand. */
export function postgresFigures(kysely: Kysely<Tables>, kinds: readonly string[]): Figures {
  return {
    fetchFigures: (deliveriesSince) =>
      callDatabase("say how it stands", () =>
        kysely.transaction().execute(async (transaction): Promise<StoreFigures> => {
          await sql`set local statement_timeout = ${sql.lit(STATEMENT_TIMEOUT_MS)}`.execute(transaction);
          return {
            queues: await readQueues(transaction, [...kinds, GIVEN_UP_QUEUE]),
            ...(await readDeliveries(transaction, deliveriesSince)),
            ...(await readRuns(transaction)),
            deadLetters: await readDeadLetters(transaction),
          };
        }),
      ),
  };
}

type Transaction = Kysely<Tables>;

async function readQueues(
  transaction: Transaction,
  kinds: readonly string[],
): Promise<readonly QueueFigures[]> {
  // A job behind another one of its key waits for that one and not for a worker.
  const { rows } = await sql<QueueFigures & { readonly oldestDueAt: Date | null }>`
    select kind.job,
      count(job.id) filter (where job.state in ('created', 'retry'))::int as waiting,
      count(job.id) filter (where job.state = 'active')::int as running,
      min(job.start_after) filter (
        where job.state in ('created', 'retry') and job.start_after <= now() and not exists (
          select from pgboss.job as other
          where other.name = job.name and other.singleton_key = job.singleton_key and other.id <> job.id
            and other.state in ('active', 'retry', 'failed')
        )
      ) as "oldestDueAt"
    from unnest(${kinds}::text[]) as kind (job)
    left join pgboss.job as job on job.name = kind.job and job.state in ('created', 'retry', 'active')
    group by kind.job
    order by kind.job
  `.execute(transaction);
  return rows.map((row) => ({ ...row, oldestDueAt: row.oldestDueAt ?? undefined }));
}

async function readDeliveries(transaction: Transaction, since: Date) {
  const { rows } = await sql<Record<"waiting" | "processed" | "failed", number> & { oldest: Date | null }>`
    select
      (select count(*) from ${DELIVERIES} where state = 'waiting')::int as waiting,
      (select count(*) from ${DELIVERIES} where state = 'processed' and settled_at >= ${since})::int as processed,
      (select count(*) from ${DELIVERIES} where state = 'failed' and settled_at >= ${since})::int as failed,
      (select min(received_at) from ${DELIVERIES} where state = 'waiting') as oldest
  `.execute(transaction);
  const { oldest = null, ...deliveries } = rows[0] ?? { waiting: 0, processed: 0, failed: 0 };
  return { deliveries, oldestWaitingDeliveryAt: oldest ?? undefined };
}

async function readRuns(transaction: Transaction) {
  const { rows } = await sql<{ readonly open: number; readonly oldest: Date | null }>`
    select count(*)::int as open, min(created_at) as oldest from ${RUNS} where state = 'running'
  `.execute(transaction);
  return { openRuns: rows[0]?.open ?? 0, oldestOpenRunAt: rows[0]?.oldest ?? undefined };
}

async function readDeadLetters(transaction: Transaction): Promise<Readonly<Record<string, number>>> {
  const { rows } = await sql<{ readonly kind: string; readonly number: number }>`
    select kind, count(*)::int as number from (${openLetters}) as open group by kind order by kind
  `.execute(transaction);
  return Object.fromEntries(rows.map(({ kind, number }) => [kind, number]));
}
