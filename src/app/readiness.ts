/** What has to answer before a process can take work. */
export interface ReadinessOptions {
  /** Writes a line to the store; rejects where it cannot be written. */
  readonly writeHeartbeat: (at: Date) => Promise<void>;
  /** Asks GitHub who we are; rejects where it has not accepted the App's key. */
  readonly fetchIdentity: () => Promise<unknown>;
  readonly now: () => Date;
}

/** Probes come as often as somebody likes; the store is written this often at most. */
const ANSWER_KEPT_MS = 1_000;

/** Makes the function that says why the process cannot take work: ready once the store takes a line and GitHub has accepted the App's key. */
export function readiness(options: ReadinessOptions): () => Promise<readonly string[]> {
  let asked: { readonly atMs: number; readonly reasons: Promise<readonly string[]> } | undefined;
  return () => {
    const atMs = options.now().getTime();
    // A clock that was set back must not keep an old answer alive.
    if (asked === undefined || Math.abs(atMs - asked.atMs) >= ANSWER_KEPT_MS)
      asked = { atMs, reasons: reasonsNotReady(options) };
    return asked.reasons;
  };
}

async function reasonsNotReady(options: ReadinessOptions): Promise<readonly string[]> {
  const reasons: string[] = [];
  await options.writeHeartbeat(options.now()).catch(() => reasons.push("the store cannot be written"));
  await options.fetchIdentity().catch(() => reasons.push("GitHub has not accepted the App's key"));
  return reasons;
}
