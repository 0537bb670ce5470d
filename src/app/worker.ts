import { assertNever } from "../core/problem.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import type { JobOutcome, JobQueue, JobRunner, Turn } from "../ports/job-queue.ts";
import { reasonOf } from "./jobs/given-up.ts";
import type { Job, JobKind, JobOf } from "./jobs/job.ts";
import { jobKey } from "./jobs/job.ts";
import type { Logger } from "./log.ts";

/** Does the jobs of one kind. */
interface JobHandler<J extends Job> {
  /** Does the job; may be called again for the same job, with the same result. */
  run(job: J, turn: Turn): Promise<void>;
  /** Tells the people who wait for the job that it was given up, such as by closing its check as failed. */
  onGivenUp(job: J, because: string, turn: Turn): Promise<void>;
}

/** One handler for each kind of job. */
export type JobHandlers = { readonly [K in JobKind]: JobHandler<JobOf<K>> };

/** Begins to do the jobs of a queue. */
export async function startWorker(queue: JobQueue<Job>, handlers: JobHandlers, log: Logger): Promise<void> {
  await queue.work(jobRunner(handlers, log));
}

/** Makes the runner that hands each job to its handler and decides what a failure means. */
export function jobRunner(handlers: JobHandlers, log: Logger): JobRunner<Job> {
  return {
    runJob: (job, turn) =>
      attempt(() => boundJob(handlers, job).run(turn), { log: logOf(log, job, turn), what: "job", turn }),
    clearUp(job, because, turn) {
      const jobLog = logOf(log, job, turn);
      jobLog.error({ because }, "gave up a job");
      const clearing = { log: jobLog, what: "clearing up", turn };
      return attempt(() => boundJob(handlers, job).onGivenUp(because, turn), clearing);
    },
  };
}

/** Only what was cut short and the outside's failures are tried again: our own bug would fail the same way each time. */
async function attempt(
  work: () => Promise<void>,
  { log, what, turn }: { readonly log: Logger; readonly what: string; readonly turn: Turn },
): Promise<JobOutcome> {
  const startedAt = performance.now();
  const took = () => ({ durationMs: Math.round(performance.now() - startedAt) });
  try {
    await work();
    log.info(took(), `${what} done`);
    return { kind: "done" };
  } catch (cause) {
    const because = reasonOf(cause);
    if (turn.signal.aborted) {
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
  readonly run: (turn: Turn) => Promise<void>;
  readonly onGivenUp: (because: string, turn: Turn) => Promise<void>;
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
    default:
      return assertNever(job);
  }
}

function logOf(log: Logger, job: Job, turn: Turn): Logger {
  const place = "repo" in job ? { repo: `${job.owner}/${job.repo}`, delivery: job.delivery } : {};
  return log.child({ kind: job.kind, key: jobKey(job), ...place, attempt: turn.attempt });
}
