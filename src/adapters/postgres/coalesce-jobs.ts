/** A job that waits in the queue. */
export interface WaitingJob<J> {
  readonly id: string;
  readonly job: J;
  /** False where it failed before and waits for its next attempt. */
  readonly isNew: boolean;
  readonly startAfter: Date;
}

/** What adding jobs to those that wait comes to. */
interface Coalesced<J> {
  /** What became of each job, in their order. */
  readonly results: readonly ("queued" | "absorbed")[];
  readonly added: readonly J[];
  /** Jobs that wait for later than they now have to. */
  readonly broughtForward: readonly { readonly kind: string; readonly id: string }[];
}

/** How jobs are told apart. */
interface Words<J> {
  readonly keyOf: (job: J) => string;
  readonly absorbs: (waiting: J, next: J) => boolean;
}

/** Decides which jobs are new and which are said already by one that waits, or by an earlier one of the same list. */
export function coalesceJobs<J extends { readonly kind: string }>(
  jobs: readonly J[],
  waiting: readonly WaitingJob<J>[],
  { keyOf, absorbs }: Words<J>,
  notBefore: Date,
): Coalesced<J> {
  const waitingOf = Map.groupBy(waiting, ({ job }) => keyOf(job));
  const added: J[] = [];
  const addedOf = new Map<string, J[]>();
  const forward = new Map<string, { readonly kind: string; readonly id: string }>();
  const results = jobs.map((job) => {
    const key = keyOf(job);
    const older = waitingOf.get(key)?.find((one) => absorbs(one.job, job));
    if (older !== undefined) {
      // A job that failed keeps its back-off: what it waits for is the outside, not us.
      if (older.isNew && older.startAfter > notBefore)
        forward.set(older.id, { kind: job.kind, id: older.id });
      return "absorbed";
    }
    const siblings = addedOf.get(key) ?? [];
    if (siblings.some((one) => absorbs(one, job))) return "absorbed";
    addedOf.set(key, [...siblings, job]);
    added.push(job);
    return "queued";
  });
  return { results, added, broughtForward: [...forward.values()] };
}
