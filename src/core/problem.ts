/** One thing that a person wrote and that we cannot use: where, what was expected, what we got. */
export interface Problem {
  /** Path or label in the words of the one who wrote it, such as `gate.trials` or `Severity`. */
  readonly at: string;
  readonly expected: string;
  readonly got: string;
  /** One-based line in the file, where known. */
  readonly line?: number;
  /** One-based column in that line, where known. */
  readonly column?: number;
}

/** What came of reading something a person wrote: the value, or everything that is wrong with it. */
export type Parsed<T> =
  | { readonly kind: "parsed"; readonly value: T }
  | { readonly kind: "unusable"; readonly problems: readonly Problem[] };

/** Wraps a usable value. */
export function parsed<T>(value: T): Parsed<T> {
  return { kind: "parsed", value };
}

/** Wraps everything that is wrong with what a person wrote. */
export function unusable(problems: readonly Problem[]): Parsed<never> {
  return { kind: "unusable", problems };
}

/** Says a problem in one line of plain text. */
export function problemText(problem: Problem): string {
  const { line, column } = problem;
  const where = column === undefined ? `line ${line}` : `line ${line}, column ${column}`;
  const place = line === undefined ? problem.at : `${problem.at} (${where})`;
  return `${place}: expected ${problem.expected}, got ${problem.got}`;
}

/** Marks a branch that the types say cannot be reached; reaching it is our bug. */
export function assertNever(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
