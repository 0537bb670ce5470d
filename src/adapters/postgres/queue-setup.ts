import type { JobWithMetadata, PgBoss, Queue } from "pg-boss";
import type { JobPolicy } from "../../ports/job-queue.ts";

/** Holds the jobs that were given up until they are cleared up after. */
export const GIVEN_UP_QUEUE = "given-up";

/** A worker that shows no life for this long is taken for dead and its job is tried again. */
const HEARTBEAT_SECONDS = 30;
const DAY_SECONDS = 24 * 60 * 60;
const CLEAR_UP_RETRIES_MAX = 20;
/** How many waiting jobs are looked at in one go. */
const RENAMED_AT_ONCE = 500;
/** Beyond as many attempts, a job whose process ends each time is taken for the reason. */
const RETRIES_MAX = 20;
const CLEAR_UP_TIME_LIMIT_SECONDS = 10 * 60;
const CLEAR_UP_RETRY_DELAY_SECONDS = 5;
const CLEAR_UP_RETRY_DELAY_SECONDS_MAX = 15 * 60;

/**
 * What forbids two active jobs of one key, in the database and not in a process. It was chosen over `singleton`
 * and `stately`, which stop handing out other keys while the oldest waits for its own.
 */
export const QUEUE_POLICY = "key_strict_fifo";

type QueueOptions = Omit<Queue, "name"> & { readonly policy: string };

/** The options of a queue of jobs. */
export function queueOptions(policy: JobPolicy): QueueOptions {
  return {
    policy: QUEUE_POLICY,
    notify: true,
    deadLetter: GIVEN_UP_QUEUE,
    retryLimit: policy.attemptsMax - 1,
    retryBackoff: true,
    retryDelay: policy.retryDelaySeconds,
    retryDelayMax: policy.retryDelayMaxSeconds,
    expireInSeconds: policy.timeLimitSeconds,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    deleteAfterSeconds: DAY_SECONDS,
  };
}

/** The options of the queue of jobs that were given up. */
export function givenUpOptions(): QueueOptions {
  return {
    policy: "standard",
    notify: true,
    retryLimit: CLEAR_UP_RETRIES_MAX,
    retryBackoff: true,
    retryDelay: CLEAR_UP_RETRY_DELAY_SECONDS,
    retryDelayMax: CLEAR_UP_RETRY_DELAY_SECONDS_MAX,
    expireInSeconds: CLEAR_UP_TIME_LIMIT_SECONDS,
    heartbeatSeconds: HEARTBEAT_SECONDS,
    deleteAfterSeconds: 30 * DAY_SECONDS,
  };
}

/**
 * Makes the jobs that were running when the last process died ready to run. That is one more attempt each, which
 * is granted beyond their own: what ends a process is seldom the job that it was at. One that may be to blame
 * comes to its end all the same.
 * Only for a database that no other process uses; elsewhere the missed heartbeats tell.
 */
export async function recoverOrphans(boss: PgBoss, queues: readonly string[]): Promise<void> {
  for (const queue of queues) {
    const { rows } = await boss
      .getDb()
      .executeSql("select id from pgboss.job where name = $1 and state = 'active'", [queue]);
    for (const row of rows) {
      const id = String(row.id);
      await grantAttempt(boss, queue, id, RETRIES_MAX);
      await boss.fail(queue, id, { because: "the process ended while the job was running" });
      await boss.update(queue, undefined, { id, startAfter: 0 });
    }
  }
}

/** Gives a job one more attempt, unless it has so many already. */
export async function grantAttempt(
  boss: PgBoss,
  queue: string,
  id: string,
  retriesMax: number,
): Promise<void> {
  await boss
    .getDb()
    .executeSql(
      "update pgboss.job set retry_limit = retry_limit + 1 where name = $1 and id = $2 and retry_limit < $3",
      [queue, id, retriesMax],
    );
}

/** Leaves a running job no further attempt: where this one fails, the job is given up. */
export async function endAttempts(
  boss: PgBoss,
  queue: string,
  job: Pick<JobWithMetadata, "id" | "retryCount">,
): Promise<void> {
  await boss
    .getDb()
    .executeSql(
      "update pgboss.job set retry_limit = retry_count where name = $1 and id = $2 and state = 'active' and retry_count = $3",
      [queue, job.id, job.retryCount],
    );
}

/** A job that waits, as it is kept. */
interface KeptJob {
  readonly id: string;
  readonly name: string;
  readonly data: unknown;
  readonly singleton_key: string;
}

/**
 * Gives the jobs that wait the keys that this version has for them: jobs of one key would run at the same time as
 * those that an earlier version called otherwise. One whose new key is taken by a job under way keeps the old one.
 */
export async function renameKeys(
  boss: PgBoss,
  queues: readonly string[],
  keyOf: (stored: unknown) => string,
): Promise<void> {
  const db = boss.getDb();
  for (let after: string | undefined; ; ) {
    const { rows }: { rows: KeptJob[] } = await db.executeSql(
      `select id, name, data, singleton_key from pgboss.job
       where name = any($1::text[]) and state < 'active' and ($2::uuid is null or id > $2::uuid)
       order by id limit ${RENAMED_AT_ONCE}`,
      [queues, after ?? null],
    );
    for (const { id, name, data, singleton_key: former } of rows) {
      const key = keyOf(data);
      if (key === former) continue;
      await db.executeSql(
        `update pgboss.job as renamed set singleton_key = $2
         where id = $1 and state < 'active' and not exists (
           select from pgboss.job as other
           where other.name = $3 and other.singleton_key = $2 and other.state in ('active', 'retry', 'failed')
         )`,
        [id, key, name],
      );
    }
    if (rows.length < RENAMED_AT_ONCE) return;
    after = rows.at(-1)?.id;
  }
}

/** Removes queues with all their jobs; one that is not there is none the worse. */
export async function dropQueues(boss: PgBoss, queues: readonly string[]): Promise<void> {
  for (const queue of queues) {
    if ((await boss.getQueue(queue)) !== null) await boss.deleteQueue(queue);
  }
}
