import { setTimeout as sleep } from "node:timers/promises";
import { ExternalFailure } from "../ports/external-failure.ts";

const WAIT_MS = 500;
const WAIT_MS_MAX = 15_000;

/** How something is opened that may not be there yet. */
export interface OpenLaterOptions<T> {
  /** Opens it, or leaves nothing open behind. */
  readonly open: () => Promise<T>;
  /** Told of each attempt that failed and is made again. */
  readonly onFailure: (failure: ExternalFailure, againInMs: number) => void;
  /** A number from 0 to 1, to spread what would come at one time. */
  readonly chance: () => number;
}

/** Something that is there, or is still being opened. */
export interface Later<T> {
  /** Gives it; throws ExternalFailure while it is not open. */
  get(): T;
  /** Resolves after the first attempt; rejects where another one cannot help. */
  readonly tried: Promise<void>;
  /** Resolves when it is open; rejects where another attempt cannot help, and when it was stopped before. */
  readonly opened: Promise<T>;
  /** Makes no more attempts, and answers what is open. */
  stop(): Promise<T | undefined>;
}

/** Opens something; where the outside is away that may come back, again and again in the background. */
export function openLater<T>({ open, onFailure, chance }: OpenLaterOptions<T>): Later<T> {
  const stopped = new AbortController();
  const first = Promise.withResolvers<void>();
  let value: T | undefined;

  async function attempts(): Promise<T> {
    for (let failures = 0; ; failures++) {
      try {
        value = await open();
        first.resolve();
        return value;
      } catch (cause) {
        if (!(cause instanceof ExternalFailure) || !cause.retryable) {
          first.reject(cause);
          throw cause;
        }
        const waitMs = Math.min(WAIT_MS * 2 ** failures, WAIT_MS_MAX) * (0.5 + chance() / 2);
        onFailure(cause, waitMs);
        first.resolve();
        await sleep(waitMs, undefined, { signal: stopped.signal });
      }
    }
  }

  const opened = attempts();
  // Who waits is told; where nobody does, a failure here is none of the process.
  opened.catch(() => undefined);
  first.promise.catch(() => undefined);
  return {
    tried: first.promise,
    opened,
    get() {
      if (value !== undefined) return value;
      throw new ExternalFailure("The store is not open yet", { system: "database", retryable: true });
    },
    async stop() {
      stopped.abort();
      await opened.catch(() => undefined);
      return value;
    },
  };
}
