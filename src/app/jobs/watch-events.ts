import type { Generation } from "../../ports/records.ts";
import { READS_LAG_MS_MAX } from "./await-shown.ts";

/** What GitHub shows of the thing that a job works on. */
export interface Look<T> {
  /** When GitHub updated what it shows; undefined where it shows nothing. */
  readonly updatedAt: Date | undefined;
  /** What overtook the job; undefined where it still works on what stands there. */
  readonly overtakenBy: T | undefined;
}

/** What is watched, and how it is looked at. */
export interface Watched<T> {
  readonly fetchGeneration: () => Promise<Generation>;
  readonly look: (generation: Generation) => Promise<Look<T>>;
  readonly now: () => Date;
}

/**
 * Watches whether a job was overtaken: answers by what, and from then on for good.
 *
 * GitHub is asked again only after an event came in, so that looking costs nothing while nothing happens. A look
 * that failed, or that shows something older than the event told, has seen nothing yet: it is made again.
 */
export function watchEvents<T>({ fetchGeneration, look, now }: Watched<T>): () => Promise<T | undefined> {
  let seen: number | undefined;
  let overtakenBy: T | undefined;
  let noticed: { readonly count: number; readonly atMs: number } | undefined;
  return async () => {
    if (overtakenBy !== undefined) return overtakenBy;
    const generation = await fetchGeneration();
    const { count } = generation;
    if (count === seen) return undefined;
    if (noticed?.count !== count) noticed = { count, atMs: now().getTime() };
    const shown = await look(generation);
    const isLate = now().getTime() - noticed.atMs >= READS_LAG_MS_MAX;
    // A count that fell is kept elsewhere by now, as where the repository got another name: it tells nothing any more.
    const isKept = seen === undefined || count > seen;
    if (isKept && (isLate || isShown(shown, generation))) seen = count;
    overtakenBy = shown.overtakenBy;
    return overtakenBy;
  };
}

function isShown<T>({ updatedAt }: Look<T>, { toldAt }: Generation): boolean {
  if (updatedAt === undefined || toldAt === undefined) return true;
  return updatedAt.getTime() >= toldAt.getTime();
}
