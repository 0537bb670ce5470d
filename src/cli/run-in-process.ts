import { EXIT, type ExitCode, type Terminal } from "./command.ts";
import { runCommandLine } from "./command-line.ts";

/** Runs the command line with the arguments, streams, environment and signals of a process. */
export async function runInProcess(process: NodeJS.Process): Promise<void> {
  const stopper = new AbortController();
  // The second Ctrl+C finds no listener and ends the process at once.
  process.once("SIGINT", () => stopper.abort(new Error("the run was stopped")));
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  const terminal = terminalOf(process, stopper.signal);
  process.exitCode = await runCommandLine(process.argv.slice(2), terminal).catch((fault: unknown) =>
    reportFault(fault, terminal),
  );
}

/** A fault of ours must not end with the code that says that a fixture failed. */
function reportFault(fault: unknown, terminal: Terminal): ExitCode {
  const trace = fault instanceof Error ? fault.stack : String(fault);
  terminal.say(`incident-to-eval met a fault of its own and could not go on:\n${trace}\n`);
  return EXIT.undecided;
}

function terminalOf(process: NodeJS.Process, signal: AbortSignal): Terminal {
  const { env } = process;
  const wantsColours = (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
  const forcesColours = !["", "0"].includes(env.FORCE_COLOR ?? "");
  const coloursOn = ({ isTTY }: { readonly isTTY?: boolean }) =>
    wantsColours && (isTTY === true || forcesColours);
  return {
    folder: process.cwd(),
    environment: env,
    print: (text) => void process.stdout.write(text),
    say: (text) => void process.stderr.write(text),
    isInteractive: process.stderr.isTTY === true && env.TERM !== "dumb",
    colours: coloursOn(process.stdout),
    coloursSaid: coloursOn(process.stderr),
    columns: process.stderr.columns,
    onKey: process.stdin.isTTY === true ? (listener) => listenToKeys(process.stdin, listener) : undefined,
    signal,
    now: () => new Date(),
    elapsedMs: () => performance.now(),
  };
}

/** Hears keys as they are pressed, without the Enter that a line would wait for. */
function listenToKeys(keyboard: NodeJS.ReadStream, listener: (key: string) => void): () => void {
  const hear = (data: Buffer) => listener(data.toString("utf8"));
  keyboard.setRawMode(true);
  keyboard.on("data", hear);
  keyboard.resume();
  return () => {
    keyboard.off("data", hear);
    keyboard.setRawMode(false);
    keyboard.pause();
  };
}

/** A reader that has seen enough, as `head` has, is no failure. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
