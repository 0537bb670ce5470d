/** How jobs of one kind are run. */
export interface JobPolicy {
  /** How many of the kind run at the same time in one process. */
  readonly concurrency: number;
  /** How often a job is tried before it is given up. */
  readonly attemptsMax: number;
  /** The wait before the second attempt; it doubles with each further one, with jitter. */
  readonly retryDelaySeconds: number;
  readonly retryDelayMaxSeconds: number;
  /** After this time an attempt is taken for hung: its signal is aborted and it counts as failed. */
  readonly timeLimitSeconds: number;
}

/** One attempt at a job. */
export interface Turn {
  /** One for the first attempt. */
  readonly attempt: number;
  /** Aborted when the attempt is over for the queue: a time limit, a lost claim or a shutdown. */
  readonly signal: AbortSignal;
  readonly origin: JobOrigin;
}

/** Where a job comes from; the same when it is cleared up after. */
export interface JobOrigin {
  /** The queue's own id of the job. */
  readonly id: string;
  readonly queuedAt: Date;
  /** How often the job itself has been tried, this attempt among them. */
  readonly attempts: number;
}

/** What came of an attempt. */
export type JobOutcome =
  | { readonly kind: "done" }
  /** Tried again after the kind's back-off, or not before `afterMs` where the outside named a time. */
  | { readonly kind: "retry"; readonly because: string; readonly afterMs?: number }
  /** Trying again cannot help. */
  | { readonly kind: "give_up"; readonly because: string };

/** Does the work of the jobs that a queue hands out. */
export interface JobRunner<J> {
  /** Tries a job once; a rejection counts as an outcome of "give_up". */
  runJob(job: J, turn: Turn): Promise<JobOutcome>;
  /** Clears up after a job that was given up, such as closing its check; it is repeated until it is done. */
  clearUp(job: J, because: string, turn: Turn): Promise<JobOutcome>;
}

/** Keeps jobs until they are done, across restarts. Two jobs of one key never run at the same time. */
export interface JobQueue<J> {
  /**
   * Adds a job, unless one of its key that says the same is waiting already: that one reads the newest
   * state when it starts. While one of its key runs, the new one waits behind it.
   */
  enqueue(job: J, notBefore?: Date): Promise<"queued" | "absorbed">;
  /** Adds jobs as one at a time would, all of them or none, and answers what became of each. */
  enqueueAll(jobs: readonly J[]): Promise<readonly ("queued" | "absorbed")[]>;
  /** Begins to hand out jobs. */
  work(runner: JobRunner<J>): Promise<void>;
  /** Hands out nothing more and waits for what runs; what is left after the wait is aborted and tried again later. */
  stop(drainMs: number): Promise<void>;
}
