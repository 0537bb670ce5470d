import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const LISTENING = /http:\/\/127\.0\.0\.1:\d+/;
const STOP_MS_MAX = 20_000;

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string;
  /** The most memory that it ever had, in MiB, where the system tells (Linux). */
  peakMb(): number;
  /** The memory that it has now. */
  nowMb(): number;
  /** Waits for a line that it prints. */
  says(text: string): Promise<void>;
  stop(): Promise<void>;
}

/** The flags with which `npm start` runs the app; other scripts run without. */
function flagsOf(path: string): readonly string[] {
  const { scripts } = packageSchema.parse(
    JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")),
  );
  const words = scripts.start.split(" ");
  return path.endsWith(words.at(-1) ?? "") ? words.filter((word) => word.startsWith("--")) : [];
}

const packageSchema = z.object({ scripts: z.object({ start: z.string() }) });

/** Starts a script beside this one, and waits until it says where it listens. */
export async function startProcess(
  script: string,
  environment: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...flagsOf(path), path], {
    env: { PATH, HOME, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const waiting = new Set<{ readonly text: string; readonly heard: () => void }>();
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`${script} ended with ${code} before it listened`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      const found = LISTENING.exec(line)?.[0];
      if (found !== undefined && line.includes("listening")) resolve(found);
      for (const one of waiting) if (line === one.text) one.heard();
    });
  });
  return {
    url,
    peakMb: () => memoryMb(child, "VmHWM"),
    nowMb: () => memoryMb(child, "VmRSS"),
    says: (text) =>
      new Promise((resolve) => {
        const one = {
          text,
          heard: () => {
            waiting.delete(one);
            resolve();
          },
        };
        waiting.add(one);
      }),
    async stop() {
      // One that a signal ended has no exit code, and says no more that it ended.
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      const overdue = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
      await ended;
      clearTimeout(overdue);
    },
  };
}

function memoryMb({ pid }: ChildProcess, field: "VmHWM" | "VmRSS"): number {
  try {
    const kb = new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return Number(kb) / 1024;
  } catch {
    return Number.NaN;
  }
}
