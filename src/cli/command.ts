/** Where a command reads and writes; tests hand in their own. */
export interface Terminal {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  /** For people who watch: progress and problems, apart from the result. */
  readonly say: (text: string) => void;
  /** Colours and progress lines make sense. */
  readonly isInteractive: boolean;
}

/** What a command ends with. */
export const EXIT = {
  held: 0,
  blocked: 1,
  /** Usage or configuration. */
  misused: 2,
  /** Could not evaluate. */
  undecided: 3,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One command of the command line. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole help text. */
  readonly help: string;
  /** Does it, and answers how it ended. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;
}

/** Somebody called a command in a way that it does not know; the message says how it is meant. */
export class UsageError extends Error {}
