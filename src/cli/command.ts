/** Where a command reads and writes, and what it knows of time; tests hand in their own. */
export interface Terminal {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The result of a command. */
  readonly print: (text: string) => void;
  /** For people who watch: progress and problems, apart from the result. */
  readonly say: (text: string) => void;
  /** Somebody watches what is said, so that a line may be written over. */
  readonly isInteractive: boolean;
  /** What is printed may be coloured. */
  readonly colours: boolean;
  /** What is said may be coloured. */
  readonly coloursSaid: boolean;
  /** Width of what is watched, where it is known. */
  readonly columns?: number | undefined;
  /** Calls for each key that is pressed, until what it answers is called; undefined where nobody sits at a keyboard. */
  readonly onKey?: ((listener: (key: string) => void) => () => void) | undefined;
  /** Aborts when somebody wants the command to end. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
  /** Milliseconds of a clock that never goes back. */
  readonly elapsedMs: () => number;
}

/** What a command ends with. */
export const EXIT = {
  held: 0,
  blocked: 1,
  /** Usage or configuration. */
  misused: 2,
  /** Could not evaluate. */
  undecided: 3,
  /** Somebody ended it, as shells say it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One command of the command line. */
export interface Command {
  /** The whole help text; each option has a line that begins with two blanks and its name. */
  readonly help: string;
  /** The options that it takes, for the completion of shells; a command without any leaves it out. */
  readonly options?: Readonly<Record<string, { readonly type: "string" | "boolean" }>>;
  /** Does it, and answers how it ended. */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<ExitCode>;
}

/** A command with its name and what it is for. */
export interface NamedCommand {
  readonly name: string;
  readonly summary: string;
  readonly command: Command;
}

/** Somebody called a command in a way that it cannot follow; the message says how it is meant. */
export class UsageError extends Error {}
