import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const USAGE = fileURLToPath(new URL("suite-usage.ts", import.meta.url));
const usageSchema = z.object({
  userCPUTime: z.number(),
  systemCPUTime: z.number(),
  /** KiB. */
  maxRSS: z.number(),
});

/** What a process took, from its start to its exit. */
export interface Measured {
  readonly wallMs: number;
  /** Of the process itself; git, which some start, is not counted. */
  readonly cpuMs: number;
  readonly peakMb: number;
  readonly exitCode: number | null;
  readonly printed: string;
}

/** What is started: the arguments of Node, where, and in which environment. */
export interface Started {
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a process to its end and measures it. */
export async function measure({ args, cwd, env = {} }: Started): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), "usage-"));
  const file = join(folder, "usage.json");
  const { PATH = "" } = process.env;
  const startedMs = performance.now();
  const child = spawn(process.execPath, ["--import", USAGE, ...args], {
    env: { PATH, ...env, USAGE_FILE: file },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd === undefined ? {} : { cwd }),
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
    });
  }
  const [exitCode] = await once(child, "close");
  const wallMs = performance.now() - startedMs;
  const usage = usageSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  rmSync(folder, { recursive: true });
  return {
    wallMs,
    cpuMs: (usage.userCPUTime + usage.systemCPUTime) / 1_000,
    peakMb: usage.maxRSS / 1024,
    exitCode: typeof exitCode === "number" ? exitCode : null,
    printed,
  };
}

/** The middle one of several rounds in each figure, and the highest peak. */
export function middle(rounds: readonly Measured[]): Measured {
  const of = (pick: (one: Measured) => number) =>
    rounds.map(pick).sort((a, b) => a - b)[Math.floor(rounds.length / 2)] ?? Number.NaN;
  return {
    wallMs: of(({ wallMs }) => wallMs),
    cpuMs: of(({ cpuMs }) => cpuMs),
    peakMb: Math.max(...rounds.map(({ peakMb }) => peakMb)),
    exitCode: rounds[0]?.exitCode ?? null,
    printed: rounds[0]?.printed ?? "",
  };
}
