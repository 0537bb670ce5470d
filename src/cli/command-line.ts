import { VERSION } from "../app/version.ts";
import { nearestWord } from "../core/text/nearest-word.ts";
import { ExternalFailure } from "../ports/external-failure.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";

const NAME_LENGTH_MAX = 40;

/** A command in the list; its code is loaded when it is called, so that help is there at once. */
interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Every command. To add one: write its file, add its line. */
const COMMANDS: readonly Entry[] = [
  {
    name: "init",
    summary: "write the configuration and the incident forms",
    load: async () => (await import("./init.ts")).initCommand,
  },
  {
    name: "validate",
    summary: "check the configuration, the agents and the fixtures",
    load: async () => (await import("./validate.ts")).validateCommand,
  },
  {
    name: "run",
    summary: "run fixtures on the agent and say what holds",
    load: async () => (await import("./run.ts")).runCommand,
  },
  {
    name: "draft",
    summary: "draft fixtures from an incident in a Markdown file",
    load: async () => (await import("./draft.ts")).draftCommand,
  },
  {
    name: "import",
    summary: "turn test cases of other tools into fixtures",
    load: async () => (await import("./import.ts")).importCommand,
  },
  {
    name: "jobs",
    summary: "list what a server gave up, and have it tried again",
    load: async () => (await import("./jobs.ts")).jobsCommand,
  },
];

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
      return await (await find(name).load()).run(rest, terminal);
    }
  }
}

async function help(name: string | undefined, terminal: Terminal): Promise<ExitCode> {
  terminal.print(name === undefined ? overview() : (await find(name).load()).help);
  return EXIT.held;
}

/** What follows `--` is no option. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  const options = end === -1 ? args : args.slice(0, end);
  return options.includes("--help") || options.includes("-h");
}

function find(name: string): Entry {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = COMMANDS.map((command) => command.name);
  const near = nearestWord(name, names);
  const hint = near === undefined ? `there are: ${names.join(", ")}` : `did you mean \`${near}\`?`;
  throw new UsageError(
    `expected a command, got ${JSON.stringify(name.slice(0, NAME_LENGTH_MAX))}; ${hint} Run \`incident-to-eval --help\`.`,
  );
}

function overview(): string {
  const list = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join("\n");
  return `incident-to-eval ${VERSION}: every production failure of an LLM agent becomes a regression eval.

Usage: incident-to-eval <command> [options]

${list}

Run \`incident-to-eval <command> --help\` for its options.
Exit codes: 0 held, 1 blocking failure, 2 usage or configuration, 3 could not evaluate.
`;
}
