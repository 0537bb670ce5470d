import { VERSION } from "../app/version.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import { EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { COMMANDS, findCommand } from "./commands.ts";

/** Runs the command line and answers its exit code; what went wrong is said, never thrown, unless it is a bug of ours. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    return await dispatch(args, terminal);
  } catch (error) {
    if (terminal.signal.aborted) {
      terminal.say("incident-to-eval: stopped\n");
      return EXIT.interrupted;
    }
    if (!(error instanceof UsageError) && !(error instanceof ExternalFailure)) throw error;
    terminal.say(`incident-to-eval: ${error.message}\n`);
    return error instanceof UsageError ? EXIT.misused : EXIT.undecided;
  }
}

async function dispatch(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  switch (name) {
    case undefined:
      terminal.say(overview());
      return EXIT.misused;
    case "--version":
    case "-v":
      terminal.print(`${VERSION}\n`);
      return EXIT.held;
    case "--help":
    case "-h":
      terminal.print(overview());
      return EXIT.held;
    case "help":
      return await help(rest[0], terminal);
    default: {
      if (asksForHelp(rest)) return await help(name, terminal);
      return await (await findCommand(name).load()).run(rest, terminal);
    }
  }
}

async function help(name: string | undefined, terminal: Terminal): Promise<ExitCode> {
  terminal.print(name === undefined ? overview() : (await findCommand(name).load()).help);
  return EXIT.held;
}

/** What follows `--` is no option. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const options = end === -1 ? args : args.slice(0, end);
  return options.includes("--help") || options.includes("-h");
}

function overview(): string {
  const list = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(11)} ${summary}`).join("\n");
  return `incident-to-eval ${VERSION}: every production failure of an LLM agent becomes a regression eval.

Usage: incident-to-eval <command> [options]

${list}

To begin
  incident-to-eval init                 a configuration and incident forms, to be filled in
  incident-to-eval draft incident.md    a fixture from what went wrong
  incident-to-eval run                  does the agent of this checkout hold?

Run \`incident-to-eval <command> --help\` for its options and examples.
Exit codes: 0 held, 1 blocking failure, 2 usage or configuration, 3 could not evaluate.
`;
}
