import { nearestWord } from "../core/text/nearest-word.ts";
import { type Command, type NamedCommand, UsageError } from "./command.ts";

const NAME_LENGTH_MAX = 40;

/** A command in the list; its code is loaded when it is called, so that help is there at once. */
interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Every command. To add one: write its file, add its line. */
export const COMMANDS: readonly CommandEntry[] = [
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
    name: "explain",
    summary: "say what changed, what protects it, and what does not run and why",
    load: async () => (await import("./explain.ts")).explainCommand,
  },
  {
    name: "regrade",
    summary: "grade the last runs again with the fixtures of today, without running an agent",
    load: async () => (await import("./regrade.ts")).regradeCommand,
  },
  {
    name: "merge",
    summary: "join the results of shards into one",
    load: async () => (await import("./merge.ts")).mergeCommand,
  },
  {
    name: "draft",
    summary: "draft fixtures from an incident in a Markdown file",
    load: async () => (await import("./draft.ts")).draftCommand,
  },
  {
    name: "minimise",
    summary: "make a fixture smaller without losing its failure",
    load: async () => (await import("./minimise.ts")).minimiseCommand,
  },
  {
    name: "calibrate",
    summary: "measure how often the judge is right, on examples that people labelled",
    load: async () => (await import("./calibrate.ts")).calibrateCommand,
  },
  {
    name: "record",
    summary: "let real tools answer what no recording does, and keep the answers",
    load: async () => (await import("./record.ts")).recordCommand,
  },
  {
    name: "import",
    summary: "turn test cases of other tools into fixtures",
    load: async () => (await import("./import.ts")).importCommand,
  },
  {
    name: "export",
    summary: "write fixtures in the format of another tool",
    load: async () => (await import("./export.ts")).exportCommand,
  },
  {
    name: "doctor",
    summary: "say what is in the way of the gate, and how it is mended",
    load: async () => (await import("./doctor.ts")).doctorCommand,
  },
  {
    name: "jobs",
    summary: "list what a server gave up, and have it tried again",
    load: async () => (await import("./jobs.ts")).jobsCommand,
  },
  {
    name: "completion",
    summary: "print a script that completes commands and options in a shell",
    load: async () => (await import("./completion.ts")).completionOf(loadCommands),
  },
];

/** Finds a command; one that is not there is told with the nearest one. */
export function findCommand(name: string): CommandEntry {
  const found = COMMANDS.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = COMMANDS.map((command) => command.name);
  const near = nearestWord(name, names);
  const hint = near === undefined ? `there are: ${names.join(", ")}` : `did you mean \`${near}\`?`;
  throw new UsageError(
    `expected a command, got ${JSON.stringify(name.slice(0, NAME_LENGTH_MAX))}; ${hint} Run \`incident-to-eval --help\`.`,
  );
}

/** Loads every command, for what is about all of them. */
async function loadCommands(): Promise<readonly NamedCommand[]> {
  return await Promise.all(
    COMMANDS.map(async ({ name, summary, load }) => ({ name, summary, command: await load() })),
  );
}
