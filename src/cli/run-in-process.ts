import type { Terminal } from "./command.ts";
import { runCommandLine } from "./command-line.ts";

/** Runs the command line with the arguments, streams, environment and signals of a process. */
export async function runInProcess(process: NodeJS.Process): Promise<void> {
  const stopper = new AbortController();
  // The second Ctrl+C finds no listener and ends the process at once.
  process.once("SIGINT", () => stopper.abort(new Error("the run was stopped")));
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  process.exitCode = await runCommandLine(process.argv.slice(2), terminalOf(process, stopper.signal));
}

function terminalOf(process: NodeJS.Process, signal: AbortSignal): Terminal {
  const { env } = process;
  const wantsColours = (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  return {
    folder: process.cwd(),
    environment: env,
    print: (text) => void process.stdout.write(text),
    say: (text) => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY === true && env.TERM !== "dumb",
    colours: process.stdout.isTTY === true && wantsColours,
    signal,
    now: () => new Date(),
    elapsedMs: () => performance.now(),
  };
}

/** A reader that has seen enough, as `head` has, is no failure. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
