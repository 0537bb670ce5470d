import type { ExitCode, Terminal } from "../../src/cli/command.ts";
import { runCommandLine } from "../../src/cli/command-line.ts";

/** What a call of the command line came to. */
export interface Called {
  readonly code: ExitCode;
  readonly printed: string;
  readonly said: string;
}

/** Calls the command line in this process, on a day and a clock that stand still. */
export async function callCommandLine(
  args: readonly string[],
  terminal: Partial<Terminal> & Pick<Terminal, "folder">,
): Promise<Called> {
  const printed: string[] = [];
  const said: string[] = [];
  const code = await runCommandLine(args, {
    environment: {},
    print: (text) => void printed.push(text),
    say: (text) => void said.push(text),
    isInteractive: false,
    colours: false,
    coloursSaid: false,
    signal: new AbortController().signal,
    now: () => new Date("2026-04-18T09:00:00Z"),
    elapsedMs: () => 0,
    ...terminal,
  });
  return { code, printed: printed.join(""), said: said.join("") };
}
