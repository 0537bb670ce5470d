import type { Logger } from "./log.ts";

/** The default grace of container platforms is 30 s; what is left is for closing the database. */
const DRAIN_MS_DEFAULT = 25_000;
const CLOSE_MS_MAX = 4_000;

/** The parts of a process that shutting down touches. */
export interface ShutdownOptions {
  /** Stops in an orderly way, within the given time where it can. */
  readonly stop: (drainMs: number) => Promise<void>;
  readonly drainMs?: number;
  readonly log: Logger;
  readonly process: SignalledProcess;
}

/** What is needed of the process. */
export interface SignalledProcess {
  on(signal: "SIGTERM" | "SIGINT", listener: () => void): unknown;
  exit(code: number): void;
}

/** Stops in an orderly way at the first SIGTERM or SIGINT, and at once at the second. */
export function stopOnSignals(options: ShutdownOptions): void {
  const { log, process } = options;
  const drainMs = options.drainMs ?? DRAIN_MS_DEFAULT;
  let isStopping = false;
  const onSignal = (signal: string): void => {
    if (isStopping) {
      log.warn({ signal }, "stopping at once; what was running is taken up at the next start");
      process.exit(1);
      return;
    }
    isStopping = true;
    log.info({ signal, drainMs }, "stopping; a second signal stops at once");
    const overdue = setTimeout(() => {
      log.error("stopping took too long; what was running is taken up at the next start");
      process.exit(1);
    }, drainMs + CLOSE_MS_MAX);
    options
      .stop(drainMs)
      .then(() => process.exit(0))
      .catch((cause: unknown) => {
        log.error({ err: cause }, "stopping failed");
        process.exit(1);
      })
      .finally(() => clearTimeout(overdue));
  };
  process.on("SIGTERM", () => onSignal("SIGTERM"));
  process.on("SIGINT", () => onSignal("SIGINT"));
}
