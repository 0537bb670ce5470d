import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { fromKysely, type JobWithMetadata, PgBoss } from "pg-boss";
import type { JobOutcome, JobPolicy, JobQueue, JobRunner, Turn } from "../../ports/job-queue.ts";
import { callDatabase } from "./call-database.ts";
import { coalesceJobs, type WaitingJob } from "./coalesce-jobs.ts";
import type { Database } from "./open-database.ts";
import {
  dropQueues,
  endAttempts,
  GIVEN_UP_QUEUE,
  givenUpOptions,
  grantAttempt,
  QUEUE_POLICY,
  queueOptions,
  recoverOrphans,
  renameKeys,
} from "./queue-setup.ts";
import type { Tables } from "./tables.ts";

const POLL_SECONDS = 2;
const SUPERVISE_SECONDS = 15;
const CLEAR_UP_CONCURRENCY = 2;
const REASON_LENGTH_MAX = 2_000;
const PUT_OFF_MS_MAX = 24 * 60 * 60 * 1_000;
const PUT_OFF_TIMES_MAX = 10_000;
const PUT_OFF_SPREAD = 0.2;

/** What the queue must know of the jobs that it keeps. */
export interface JobWords<J> {
  readonly policies: Readonly<Record<string, JobPolicy>>;
  /** Kinds that only earlier versions had: what is left of them is dropped. */
  readonly retired: readonly string[];
  /** Reads a job as the queue gives it back; throws where it is none. */
  readonly read: (stored: unknown) => J;
  readonly keyOf: (job: J) => string;
  /** Tells whether a waiting job does all that a new one of its key would do. */
  readonly absorbs: (waiting: J, next: J) => boolean;
}

/** How the queue behaves besides its jobs. */
export interface QueueOptions {
  /** Told of trouble inside the queue that no caller sees, such as a lost connection. */
  readonly onTrouble: (trouble: unknown) => void;
  /** Default is 2: jobs that wait for a time start this much late at most; new ones are told of at once. */
  readonly pollSeconds?: number;
}

/** A durable queue on PostgreSQL, embedded or real. */
export class PgBossQueue<J extends { readonly kind: string }> implements JobQueue<J> {
  readonly #boss: PgBoss;
  readonly #kysely: Kysely<Tables>;
  readonly #words: JobWords<J>;
  readonly #pollSeconds: number;
  #isStopping = false;

  private constructor(boss: PgBoss, kysely: Kysely<Tables>, words: JobWords<J>, pollSeconds: number) {
    this.#pollSeconds = pollSeconds;
    this.#boss = boss;
    this.#kysely = kysely;
    this.#words = words;
  }

  /** Prepares the queues; where no other process can be working, takes up what a crash cut off. */
  static async open<J extends { readonly kind: string }>(
    database: Database,
    words: JobWords<J>,
    options: QueueOptions,
  ): Promise<PgBossQueue<J>> {
    const boss = new PgBoss({
      ...database.queueConnection,
      useListenNotify: true,
      schedule: false,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
    });
    const queue = new PgBossQueue(boss, database.kysely, words, options.pollSeconds ?? POLL_SECONDS);
    boss.on("error", (trouble) => {
      // A job that outlives the stop was put back already; that it can no longer be settled is meant.
      if (!queue.#isStopping) options.onTrouble(trouble);
    });
    try {
      await callDatabase("start the queue", () => prepare(boss, words, database.exclusive));
    } catch (cause) {
      // Its connections would outlive the attempt; what stopping half of it says adds nothing.
      await boss.stop({ graceful: false }).catch(() => undefined);
      throw cause;
    }
    return queue;
  }

  /** Adds a job in a transaction of its own. */
  async enqueue(job: J, notBefore?: Date): Promise<"queued" | "absorbed"> {
    const [result] = await callDatabase(`queue ${this.#words.keyOf(job)}`, () =>
      this.#kysely.transaction().execute((transaction) => this.#enqueue(transaction, [job], notBefore)),
    );
    return result ?? "absorbed";
  }

  /** Adds jobs in one transaction. */
  async enqueueAll(jobs: readonly J[]): Promise<readonly ("queued" | "absorbed")[]> {
    if (jobs.length === 0) return [];
    return callDatabase(`queue ${jobs.length} jobs`, () =>
      this.#kysely.transaction().execute((transaction) => this.enqueueWithin(transaction, jobs)),
    );
  }

  /** Adds jobs as part of a transaction: they exist when, and only when, the transaction commits. */
  async enqueueWithin(
    transaction: Kysely<Tables>,
    jobs: readonly J[],
  ): Promise<readonly ("queued" | "absorbed")[]> {
    return this.#enqueue(transaction, jobs);
  }

  async #enqueue(
    transaction: Kysely<Tables>,
    jobs: readonly J[],
    notBefore?: Date,
  ): Promise<readonly ("queued" | "absorbed")[]> {
    const words = this.#words;
    await lockKeys(
      transaction,
      jobs.map((job) => words.keyOf(job)),
    );
    const waiting = await fetchWaiting(transaction, jobs, words);
    const { results, added, broughtForward } = coalesceJobs(jobs, waiting, words, notBefore ?? new Date());
    const db = fromKysely(transaction);
    for (const { kind, id } of broughtForward) {
      // "Now" is left to the database, whose clock decides when the job may start.
      await this.#boss.update(kind, undefined, { id, startAfter: notBefore ?? 0, db });
    }
    for (const [kind, rows] of Map.groupBy(rowsOf(added, words, notBefore), ({ data }) => data.kind)) {
      await this.#boss.insert(kind, rows, { db });
    }
    return results;
  }

  /** Begins to hand out jobs of every kind, as many at a time as the kind allows. */
  async work(runner: JobRunner<J>): Promise<void> {
    await callDatabase("hand out jobs", async () => {
      for (const [kind, policy] of Object.entries(this.#words.policies)) {
        await this.#workers(kind, policy.concurrency, (job, turn) =>
          runner.runJob(this.#words.read(job.data), turn),
        );
      }
      await this.#workers(GIVEN_UP_QUEUE, CLEAR_UP_CONCURRENCY, (job, turn) =>
        this.#clearUp(runner, job, turn),
      );
    });
  }

  /** Stops handing out, waits for what runs, and puts back what is still running after the wait. */
  async stop(drainMs: number): Promise<void> {
    this.#isStopping = true;
    await this.#boss.stop({ graceful: true, timeout: drainMs });
  }

  async #workers(
    queue: string,
    count: number,
    attempt: (job: JobWithMetadata, turn: Turn) => Promise<JobOutcome>,
  ): Promise<void> {
    for (let worker = 0; worker < count; worker++) {
      const id: string = await this.#boss.work(
        queue,
        {
          includeMetadata: true,
          pollingIntervalSeconds: this.#pollSeconds,
          notifyPollingIntervalSeconds: this.#pollSeconds,
        },
        async (jobs: JobWithMetadata[]): Promise<void> => {
          for (const job of jobs) await this.#settle(queue, job, attempt);
          // Otherwise the worker sleeps until the next poll although more may be waiting.
          this.#boss.notifyWorker(id);
        },
      );
    }
  }

  /**
   * Makes an attempt and settles what did not go well; what is left, pg-boss completes when its worker returns.
   *
   * Not by `perJobResults`: that finds its jobs by reading all of the queue, those that were done long ago too.
   */
  async #settle(
    queue: string,
    job: JobWithMetadata,
    attempt: (job: JobWithMetadata, turn: Turn) => Promise<JobOutcome>,
  ): Promise<void> {
    const outcome = await outcomeOf(() => attempt(job, turnOf(job)));
    if (outcome.kind === "done") return;
    const output = { because: outcome.because.slice(0, REASON_LENGTH_MAX) };
    if (outcome.kind === "retry" && outcome.afterMs !== undefined)
      return await this.#putOff(queue, job, outcome.afterMs, output);
    if (outcome.kind === "give_up") await endAttempts(this.#boss, queue, job);
    // From here on the job is not at this attempt any more, and completing that one settles nothing.
    await this.#boss.fail(queue, job, output);
  }

  /** A job that waits for a time that the outside named has not failed: for a day that costs none of its attempts. */
  async #putOff(queue: string, job: JobWithMetadata, afterMs: number, output: object): Promise<void> {
    if (Date.now() - job.createdOn.getTime() < PUT_OFF_MS_MAX)
      await grantAttempt(this.#boss, queue, job.id, PUT_OFF_TIMES_MAX);
    await this.#boss.fail(queue, job, output);
    // Many jobs wait for the same time: they do not come all at once.
    const startAfter = new Date(Date.now() + afterMs * (1 + Math.random() * PUT_OFF_SPREAD));
    await this.#boss.update(queue, undefined, { id: job.id, startAfter });
  }

  async #clearUp(runner: JobRunner<J>, job: JobWithMetadata, turn: Turn): Promise<JobOutcome> {
    if (job.sourceName !== null && this.#words.retired.includes(job.sourceName)) return { kind: "done" };
    // The failed job would hold back the next one of its key, and its copy is all that is needed.
    if (job.sourceName !== null && job.sourceId !== null) {
      await this.#boss.deleteJob(job.sourceName, job.sourceId);
    }
    return runner.clearUp(this.#words.read(job.data), reasonText(job.sourceOutput), turn);
  }
}

/** A job that was given up stands in a queue of its own, and names where it comes from. */
function turnOf(job: JobWithMetadata): Turn {
  const attempt = job.retryCount + 1;
  const origin =
    job.sourceId === null
      ? { id: job.id, queuedAt: job.createdOn, attempts: attempt }
      : {
          id: job.sourceId,
          queuedAt: job.sourceCreatedOn ?? job.createdOn,
          attempts: (job.sourceRetryCount ?? 0) + 1,
        };
  return { attempt, signal: job.signal, origin };
}

/** Lets nobody else add jobs of these keys before the transaction ends; in one order for all, so that none wait for each other. */
async function lockKeys(transaction: Kysely<Tables>, keys: readonly string[]): Promise<void> {
  await sql`
    select pg_advisory_xact_lock(hash)
    from (
      select distinct hashtextextended(key, 0) as hash from unnest(${keys}::text[]) as keys (key) order by 1
    ) as hashes
  `.execute(transaction);
}

async function fetchWaiting<J extends { readonly kind: string }>(
  transaction: Kysely<Tables>,
  jobs: readonly J[],
  { keyOf, read }: JobWords<J>,
): Promise<readonly WaitingJob<J>[]> {
  const keys = [...new Set(jobs.map(keyOf))];
  const kinds = [...new Set(jobs.map(({ kind }) => kind))];
  // The conditions are those of pg-boss's own index on waiting jobs of a key; without them all jobs of a kind are read.
  const { rows } = await sql<StoredJob>`
    select id, data, state, start_after as "startAfter"
    from pgboss.job
    where name = any(${kinds}::text[]) and singleton_key = any(${keys}::text[])
      and state < 'active' and not blocked and policy = ${sql.lit(QUEUE_POLICY)}
    order by created_on, id
  `.execute(transaction);
  return rows.map(({ id, data, state, startAfter }) => ({
    id,
    job: read(data),
    isNew: state === "created",
    startAfter,
  }));
}

interface StoredJob {
  readonly id: string;
  readonly data: unknown;
  readonly state: string;
  readonly startAfter: Date;
}

/** Jobs as pg-boss takes them. The ids rise, because they decide the order of jobs that were added at one time. */
function rowsOf<J>(jobs: readonly J[], { keyOf }: Pick<JobWords<J>, "keyOf">, notBefore: Date | undefined) {
  const ids = jobs.map(() => randomUUID()).sort();
  return jobs.map((data, index) => ({
    id: ids[index] ?? randomUUID(),
    data,
    singletonKey: keyOf(data),
    ...(notBefore === undefined ? {} : { startAfter: notBefore.toISOString() }),
  }));
}

async function prepare<J>(
  boss: PgBoss,
  { policies, retired, read, keyOf }: Pick<JobWords<J>, "policies" | "retired" | "read" | "keyOf">,
  isExclusive: boolean,
): Promise<void> {
  await boss.start();
  await prepareQueue(boss, GIVEN_UP_QUEUE, givenUpOptions());
  for (const [kind, policy] of Object.entries(policies)) await prepareQueue(boss, kind, queueOptions(policy));
  await dropQueues(boss, retired);
  if (isExclusive) await recoverOrphans(boss, [...Object.keys(policies), GIVEN_UP_QUEUE]);
  await renameKeys(boss, Object.keys(policies), (stored) => keyOf(read(stored)));
}

async function prepareQueue(
  boss: PgBoss,
  name: string,
  options: ReturnType<typeof queueOptions> | ReturnType<typeof givenUpOptions>,
): Promise<void> {
  const { policy, ...changeable } = options;
  await boss.createQueue(name, options);
  await boss.updateQueue(name, changeable);
  // The first use inside a transaction must find the queue in pg-boss's cache: the lookup would wait for
  // the embedded engine's one connection, which the transaction holds.
  await boss.findJobs(name, { id: "00000000-0000-0000-0000-000000000000" });
}

async function outcomeOf(attempt: () => Promise<JobOutcome>): Promise<JobOutcome> {
  try {
    return await attempt();
  } catch (cause) {
    return { kind: "give_up", because: cause instanceof Error ? cause.message : String(cause) };
  }
}

function reasonText(output: object | null): string {
  if (output !== null && "because" in output) return String(output.because);
  // pg-boss's own reasons: a lost heartbeat, a time limit.
  if (output !== null && "message" in output) return String(output.message);
  return "no reason was kept";
}
