import { type ChildProcess, spawn } from "node:child_process";
import pLimit from "p-limit";
import type { CommandAgent } from "../../core/agent/agent.ts";
import type { RunOutside } from "../../core/agent/outside.ts";
import { writeAgentRequest } from "../../core/agent/write-request.ts";
import { ANSWER_BYTES_MAX } from "../../core/trial/read-answer.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import { trajectoryIn } from "./trajectory-in.ts";

/** What its last words may take up in a message. */
const STDERR_BYTES_MAX = 2_000;
/** What every program needs to find its way; the rest, keys above all, has to be named in the configuration. */
const ALWAYS_GIVEN = ["PATH", "HOME", "USER", "SHELL", "TMPDIR", "TEMP", "LANG", "LC_ALL", "TZ", "TERM"];

/** Where commands run and what they may see. */
export interface CommandAgentOptions {
  /** The top folder of the checkout. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Commands under way at a time. */
  readonly concurrency: number;
}

/** Makes the way to agents that a command runs: the case goes in on its input, and what the agent did comes out. */
export function createCommandAgents(options: CommandAgentOptions): RunOutside<CommandAgent> {
  const limit = pLimit(options.concurrency);
  return (agent, fixture, signal) =>
    limit(async () => {
      signal.throwIfAborted();
      const startedMs = performance.now();
      const input = JSON.stringify(writeAgentRequest(agent, fixture));
      const ended = await runProgram(agent, input, options, signal);
      signal.throwIfAborted();
      if (ended.problem !== undefined) {
        const message = `the agent ${agent.name} gave no answer: its command ${ended.problem}${ended.said}`;
        throw new ExternalFailure(message, { system: "agent", retryable: false });
      }
      return trajectoryIn(ended.output, agent, fixture, performance.now() - startedMs);
    });
}

/** A program, the variables that it may see, and how long it may take. */
export interface Program {
  readonly command: readonly string[];
  readonly environment: readonly string[];
  readonly timeoutMs: number;
}

interface Ended {
  readonly output: Buffer;
  /** Why the output is none. */
  readonly problem: string | undefined;
  /** The last of what it said on its error output. */
  readonly said: string;
}

/** Runs a program on a text, and ends it and all that it started at its limits of time and output. */
export function runProgram(
  agent: Program,
  input: string,
  options: Omit<CommandAgentOptions, "concurrency">,
  signal: AbortSignal,
): Promise<Ended> {
  const [program = "", ...args] = agent.command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.folder,
      env: environmentOf(agent, options.environment),
      // A process group of its own, which is ended as a whole.
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      shell: false,
      windowsHide: true,
    });
    const output = collect(child, "stdout", ANSWER_BYTES_MAX);
    const errors = collect(child, "stderr", Number.POSITIVE_INFINITY);
    let problem: string | undefined;
    const stop = (because: string): void => {
      problem ??= because;
      endGroup(child);
    };
    output.onTooLong = () => stop(`wrote more than ${ANSWER_BYTES_MAX} bytes`);
    const timer = setTimeout(
      () => stop(`did not end within ${agent.timeoutMs} ms (\`timeout_ms\`)`),
      agent.timeoutMs,
    );
    const onAbort = (): void => stop("was stopped");
    signal.addEventListener("abort", onAbort, { once: true });

    child.on("error", (error) => {
      problem ??= `could not be started: ${error.message}`;
    });
    // What it started and left behind would keep its output open.
    child.on("exit", () => endGroup(child));
    child.on("close", (code, ending) => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      if (code !== 0)
        problem ??= code === null ? `was ended by ${ending}` : `ended with the exit code ${code}`;
      resolve({ output: output.whole(), problem, said: lastWords(errors.whole()) });
    });
    // A command that does not read all of its input is no reason to end.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

function environmentOf(
  { environment: named }: Program,
  given: CommandAgentOptions["environment"],
): Record<string, string> {
  return Object.fromEntries(
    [...ALWAYS_GIVEN, ...named].flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])),
  );
}

/** Keeps the end of what a stream gives, or all of it up to a limit. */
function collect(child: ChildProcess, stream: "stdout" | "stderr", bytesMax: number) {
  const isTail = bytesMax === Number.POSITIVE_INFINITY;
  const chunks: Buffer[] = [];
  let length = 0;
  const collected = {
    onTooLong: (): void => undefined,
    whole: (): Buffer => Buffer.concat(chunks),
  };
  child[stream]?.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > bytesMax) {
      collected.onTooLong();
      return;
    }
    const kept = isTail ? Buffer.concat([...chunks.splice(0), chunk]).subarray(-STDERR_BYTES_MAX) : chunk;
    chunks.push(kept);
  });
  return collected;
}

/** What a system answers of a group without a living process. */
const GONE = ["ESRCH", "EPERM"];

/** Ends the command and all that it started; one that is gone already has nothing left to end. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && GONE.includes(String(error.code)))) throw error;
  }
}

function lastWords(errors: Buffer): string {
  const text = errors.toString("utf8").trim();
  return text === "" ? "" : `; the last of what it said: ${text}`;
}
