/** A job that was given up, as it is kept. */
export interface GivenUpJob {
  /** The queue's own id of the job: noted twice, it is kept once. */
  readonly id: string;
  /** The kind of the job. */
  readonly kind: string;
  /** What it worked on, in words such as `acme/agent#42`. */
  readonly place: string;
  /** The job itself, as plain JSON. */
  readonly job: unknown;
  readonly because: string;
  readonly attempts: number;
  readonly at: Date;
}

/** Something that was given up and that nobody has looked at yet. */
export interface DeadLetter extends Omit<GivenUpJob, "job"> {
  /** The job, or undefined where a delivery could not be turned into jobs. */
  readonly job: unknown;
}

/** Who decided what is to become of a dead letter. */
export interface Decision {
  readonly id: string;
  readonly how: "retried" | "dismissed";
  readonly by: string;
  readonly at: Date;
}

/** Keeps what was given up until somebody tries it again or dismisses it: jobs, and deliveries that failed. */
export interface DeadLetters {
  /** Keeps a job that was given up; one that is kept already stays as it is. */
  saveGivenUp(job: GivenUpJob): Promise<void>;
  /** Lists what nobody has decided about, newest first, and how many there are in all. */
  searchOpen(countMax: number): Promise<{ readonly letters: readonly DeadLetter[]; readonly total: number }>;
  /** Reads one that nobody has decided about, or undefined. */
  fetchOpen(id: string): Promise<DeadLetter | undefined>;
  /** Notes a decision; a delivery that is to be retried waits again from then on. Answers false where somebody was faster. */
  decide(decision: Decision): Promise<boolean>;
  /** Removes what was given up before this time and answers how many. */
  pruneBefore(before: Date): Promise<number>;
}
