import { assertNever } from "../core/problem.ts";
import type { DeadLetters } from "../ports/dead-letters.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import type { JobOutcome, JobQueue, JobRunner, Turn } from "../ports/job-queue.ts";
import type { Metrics } from "../ports/metrics.ts";
import { jobFields, placeOf } from "./job-fields.ts";
import { reasonOf } from "./jobs/given-up.ts";
import { comesAgain, type Job, type JobKind, type JobOf } from "./jobs/job.ts";
import type { Logger } from "./log.ts";

/** An attempt with the log of its own, whose every line names the job. */
export interface WorkTurn extends Turn {
  readonly log: Logger;
}

/** Who looks on while jobs are done. */
export interface Overseers {
  readonly metrics: Metrics;
  readonly deadLetters: Pick<DeadLetters, "saveGivenUp">;
  readonly now: () => Date;
}

/** Does the jobs of one kind. */
export interface JobHandler<J extends Job> {
  /** Does the job; may be called again for the same job, with the same result. */
  run(job: J, turn: WorkTurn): Promise<void>;
  /** Tells the people who wait for the job that it was given up, such as by closing its check as failed. */
  onGivenUp(job: J, because: string, turn: WorkTurn): Promise<void>;
}

/** One handler for each kind of job. */
export type JobHandlers = { readonly [K in JobKind]: JobHandler<JobOf<K>> };

/** Begins to do the jobs of a queue. */
export async function startWorker(
  queue: JobQueue<Job>,
  handlers: JobHandlers,
  log: Logger,
  overseers: Overseers,
): Promise<void> {
  await queue.work(jobRunner(handlers, log, overseers));
}

/** Makes the runner that hands each job to its handler, decides what a failure means, and keeps what is given up for those who operate the app. */
export function jobRunner(
  handlers: JobHandlers,
  log: Logger,
  { metrics, deadLetters, now }: Overseers,
): JobRunner<Job> {
  return {
    async runJob(job, turn) {
      const work = { ...turn, log: log.child(jobFields(job, turn.attempt)) };
      const startedMs = performance.now();
      metrics.note({ kind: "job_began", job: job.kind });
      const outcome = await attempt(() => boundJob(handlers, job).run(work), work, "job");
      const durationMs = performance.now() - startedMs;
      metrics.note({ kind: "job_ended", job: job.kind, outcome: outcome.kind, durationMs });
      return outcome;
    },
    clearUp(job, because, turn) {
      const work = { ...turn, log: log.child(jobFields(job, turn.attempt)) };
      work.log.error({ because }, "gave up a job");
      const { id, attempts } = turn.origin;
      return attempt(
        async () => {
          const letter = { id, kind: job.kind, place: placeOf(job), job, because, attempts, at: now() };
          if (!comesAgain(job)) await deadLetters.saveGivenUp(letter);
          await boundJob(handlers, job).onGivenUp(because, work);
        },
        work,
        "clearing up",
      );
    },
  };
}

/** Only what was cut short and the outside's failures are tried again: our own bug would fail the same way each time. */
async function attempt(
  work: () => Promise<void>,
  { log, signal }: WorkTurn,
  what: string,
): Promise<JobOutcome> {
  const startedAt = performance.now();
  const took = () => ({ durationMs: Math.round(performance.now() - startedAt) });
  try {
    await work();
    log.info(took(), `${what} done`);
    return { kind: "done" };
  } catch (cause) {
    const because = reasonOf(cause);
    if (signal.aborted) {
      log.info({ because, ...took() }, `${what} was cut short and is tried again`);
      return { kind: "retry", because };
    }
    if (!(cause instanceof ExternalFailure)) {
      log.error({ err: cause, ...took() }, `${what} failed: a bug of ours`);
      return { kind: "give_up", because };
    }
    if (!cause.retryable) {
      log.error({ err: cause, ...took() }, `${what} failed: trying again cannot help`);
      return { kind: "give_up", because };
    }
    log.warn(
      { err: cause, retryAfterMs: cause.retryAfterMs, ...took() },
      `${what} failed and is tried again`,
    );
    return cause.retryAfterMs === undefined
      ? { kind: "retry", because }
      : { kind: "retry", because, afterMs: cause.retryAfterMs };
  }
}

/** A job together with the handler of its kind. */
interface Bound {
  readonly run: (turn: WorkTurn) => Promise<void>;
  readonly onGivenUp: (because: string, turn: WorkTurn) => Promise<void>;
}

function bind<J extends Job>(handler: JobHandler<J>, job: J): Bound {
  return {
    run: (turn) => handler.run(job, turn),
    onGivenUp: (because, turn) => handler.onGivenUp(job, because, turn),
  };
}

function boundJob(handlers: JobHandlers, job: Job): Bound {
  switch (job.kind) {
    case "draft-fixtures":
      return bind(handlers["draft-fixtures"], job);
    case "gate-pull-request":
      return bind(handlers["gate-pull-request"], job);
    case "reconcile":
      return bind(handlers.reconcile, job);
    case "sweep-deliveries":
      return bind(handlers["sweep-deliveries"], job);
    case "sweep-installations":
      return bind(handlers["sweep-installations"], job);
    case "sweep-repository":
      return bind(handlers["sweep-repository"], job);
    case "move-repository":
      return bind(handlers["move-repository"], job);
    case "gate-merge-group":
      return bind(handlers["gate-merge-group"], job);
    case "end-merge-group":
      return bind(handlers["end-merge-group"], job);
    case "gate-release":
      return bind(handlers["gate-release"], job);
    case "run-default-branch":
      return bind(handlers["run-default-branch"], job);
    case "offer-setups":
      return bind(handlers["offer-setups"], job);
    case "propose-setup":
      return bind(handlers["propose-setup"], job);
    default:
      return assertNever(job);
  }
}
