import { ExternalFailure, type ExternalSystem } from "../../ports/external-failure.ts";

/** How people call the systems outside. */
const SYSTEM_NAMES: Readonly<Record<ExternalSystem, string>> = {
  github: "GitHub",
  anthropic: "Anthropic",
  openai: "OpenAI",
  database: "the database",
  agent: "the agent",
  redaction: "the redaction of secrets",
  git: "git",
};
const OURSELVES = "incident-to-eval";

/** A system outside that failed us for good, and what it said. */
export interface OutsideFailure {
  readonly system: string;
  readonly message: string;
}

/** Says who failed and how, in the one line that the queue keeps of an attempt. */
export function reasonOf(cause: unknown): string {
  const system = cause instanceof ExternalFailure ? SYSTEM_NAMES[cause.system] : OURSELVES;
  return `${system}: ${withoutName(cause instanceof Error ? cause.message : String(cause), system)}`;
}

/** A message often names its system first, as a sentence of its own; after the name it would stand there twice. */
function withoutName(message: string, system: string): string {
  const isNamed = message.toLowerCase().startsWith(`${system.toLowerCase()} `);
  return isNamed ? message.slice(system.length + 1) : message;
}

/** Reads the system outside that failed from such a line; any other line, such as a time limit's, is a fault of ours. */
export function outsideOf(because: string): OutsideFailure | undefined {
  const system = Object.values(SYSTEM_NAMES).find((name) => because.startsWith(`${name}: `));
  return system === undefined ? undefined : { system, message: because.slice(system.length + 2) };
}
