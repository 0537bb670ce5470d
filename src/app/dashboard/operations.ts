import type { DeadLetter, DeadLetters } from "../../ports/dead-letters.ts";
import type { StoreFigures } from "../../ports/figures.ts";
import type { JobQueue } from "../../ports/job-queue.ts";
import { type Job, jobSchema } from "../jobs/job.ts";
import type { Administrator } from "./admit.ts";

/** Older ones are shown when these are dealt with. */
const LETTERS_SHOWN_MAX = 100;

/** What operating the app needs. */
export interface OperationsDeps {
  readonly deadLetters: Pick<DeadLetters, "searchOpen" | "fetchOpen" | "decide">;
  readonly queue: Pick<JobQueue<Job>, "enqueue">;
  /** Says that a delivery waits again. */
  readonly wake: () => void;
  /** Undefined where the store did not say in time. */
  readonly fetchFigures: () => Promise<StoreFigures | undefined>;
  /** The App's login on GitHub, or undefined where it could not be asked. */
  readonly fetchLogin: () => Promise<string | undefined>;
  readonly now: () => Date;
}

/** What came of a wish of an administrator. */
export type Outcome =
  | { readonly kind: "done" }
  /** Nobody gave it up, or somebody has decided about it already. */
  | { readonly kind: "unknown" }
  /** An older version kept it in a form that this one does not read. */
  | { readonly kind: "unreadable" };

/** What an administrator sees and may do. */
export interface Operations {
  readonly fetchFigures: OperationsDeps["fetchFigures"];
  readonly fetchLogin: OperationsDeps["fetchLogin"];
  readonly fetchLetters: () => Promise<{ readonly letters: readonly DeadLetter[]; readonly total: number }>;
  /** Has a job run again under the rules of a new one, or a delivery handled again. */
  readonly retry: (id: string, by: Administrator) => Promise<Outcome>;
  /** Takes it off the list for good. */
  readonly dismiss: (id: string, by: Administrator) => Promise<Outcome>;
}

/** Puts together what an administrator sees and may do. */
export function operations(deps: OperationsDeps): Operations {
  const { deadLetters, queue, now } = deps;
  const decide = async (
    id: string,
    how: "retried" | "dismissed",
    { name }: Administrator,
  ): Promise<Outcome> =>
    (await deadLetters.decide({ id, how, by: name, at: now() })) ? { kind: "done" } : { kind: "unknown" };
  return {
    fetchFigures: deps.fetchFigures,
    fetchLogin: deps.fetchLogin,
    fetchLetters: () => deadLetters.searchOpen(LETTERS_SHOWN_MAX),
    dismiss: (id, by) => decide(id, "dismissed", by),
    async retry(id, by) {
      const letter = await deadLetters.fetchOpen(id);
      if (letter === undefined) return { kind: "unknown" };
      if (letter.job !== undefined) {
        const job = jobSchema.safeParse(letter.job);
        if (!job.success) return { kind: "unreadable" };
        // First: were the process to end in between, the job would stand on the list although it runs, and not be lost.
        await queue.enqueue(job.data);
      }
      const outcome = await decide(id, "retried", by);
      deps.wake();
      return outcome;
    },
  };
}
