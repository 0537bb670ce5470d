import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../src/app/main.ts", import.meta.url));
const LOOK_MS = 25;
const READY_MS_MAX = 5_000;
const START_MS_MAX = 60_000;
/** The app lets 25 s pass for what runs, and 4 more for closing its store. */
const DRAIN_MS_MAX = 35_000;
const LAST_LINES = 12;

/** How a process came to its end. */
export type Ending =
  | { readonly kind: "killed" }
  | { readonly kind: "drained" }
  | { readonly kind: "by_itself"; readonly because: string };

/** The app in a process of its own, as it runs in production. */
export interface AppProcess {
  /** Waits until it is ready, and tells how long that took since its start; undefined where it ended before. */
  ready(): Promise<number | undefined>;
  /** Sends SIGKILL and waits for the end. */
  kill(): Promise<Ending>;
  /** Sends SIGTERM and waits for the end, which must come in time. */
  drain(): Promise<Ending>;
  /** Sends SIGTERM and goes on. */
  terminate(): void;
}

/** Starts the app; what it logs is added to the file. */
export function startAppProcess(options: {
  readonly environment: Readonly<Record<string, string>>;
  /** Where it listens. */
  readonly port: number;
  readonly logFile: string;
}): AppProcess {
  const { environment, port, logFile } = options;
  const log = openSync(logFile, "a");
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, LOG_FORMAT: "json", PORT: String(port), ...environment },
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  const startedMs = performance.now();
  const ended = once(child, "exit");

  async function endAfter(signal: "SIGKILL" | "SIGTERM"): Promise<Ending> {
    const before = hasEnded(child);
    if (!before) child.kill(signal);
    await ended;
    if (child.signalCode === "SIGKILL") return { kind: "killed" };
    if (child.exitCode === 0 && child.killed) return { kind: "drained" };
    // Before it listens to signals, the signal's own effect ends it.
    if (child.signalCode === "SIGTERM") return { kind: "killed" };
    return { kind: "by_itself", because: `exit code ${child.exitCode}: ${lastLines(logFile)}` };
  }

  return {
    async ready() {
      while (!hasEnded(child) && performance.now() - startedMs < START_MS_MAX) {
        if (await isReady(port)) return performance.now() - startedMs;
        await sleep(LOOK_MS);
      }
      return undefined;
    },
    kill: () => endAfter("SIGKILL"),
    async drain() {
      const overdue = setTimeout(() => child.kill("SIGKILL"), DRAIN_MS_MAX);
      const ending = await endAfter("SIGTERM");
      clearTimeout(overdue);
      return ending;
    },
    terminate: () => void child.kill("SIGTERM"),
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Tells whether a process takes deliveries and works on jobs. */
export async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/ready`, {
      signal: AbortSignal.timeout(READY_MS_MAX),
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function lastLines(logFile: string): string {
  return readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-LAST_LINES).join("\n");
}
