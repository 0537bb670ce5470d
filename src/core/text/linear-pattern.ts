import { RE2JS, RE2JSException } from "re2js";
import { type Parsed, parsed, unusable } from "../problem.ts";

const SOURCE_LENGTH_MAX = 500;
// A bound on the work per character of text: `.{1000}` repeated is linear, yet slow enough to stall a run.
const PROGRAM_SIZE_MAX = 1_500;
const SHOWN_LENGTH_MAX = 80;
/** Patterns that are kept compiled; beyond, all are forgotten. */
const COMPILED_MAX = 500;

/** A regular expression whose matching time grows only linearly with the text, whoever wrote it. */
export interface LinearPattern {
  readonly source: string;
  /** Tells whether the pattern matches anywhere in the text. */
  test(text: string): boolean;
  /** Returns the first part of the text that matches, or undefined where none does. */
  find(text: string): string | undefined;
  /** Returns every part of the text that matches, up to a number: its first group where the pattern has one. */
  findAll(text: string, countMax: number): readonly string[];
}

/** How a pattern is read. By default case matters and a source may have 500 characters. */
export interface PatternOptions {
  readonly ignoreCase?: boolean;
  readonly lengthMax?: number;
}

/** Compiles a regular expression in RE2 syntax; lookaround and backreferences are told to be unusable. */
export function compilePattern(source: string, options: PatternOptions = {}): Parsed<LinearPattern> {
  const { ignoreCase = false, lengthMax = SOURCE_LENGTH_MAX } = options;
  const key = `${ignoreCase} ${lengthMax} ${source}`;
  const known = compiledBefore.get(key);
  if (known !== undefined) return known;
  const compiled = compileNew(source, ignoreCase, lengthMax);
  if (compiledBefore.size >= COMPILED_MAX) compiledBefore.clear();
  if (source.length <= SOURCE_LENGTH_MAX) compiledBefore.set(key, compiled);
  return compiled;
}

/** Fixtures of a suite ask for the same patterns, when they are checked and again when they are graded. */
const compiledBefore = new Map<string, Parsed<LinearPattern>>();

function compileNew(source: string, ignoreCase: boolean, lengthMax: number): Parsed<LinearPattern> {
  if (source.length > lengthMax) {
    return badPattern(
      `a regular expression of at most ${lengthMax} characters`,
      `${source.length} characters`,
    );
  }
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return badPattern(
      "a regular expression in linear-time (RE2) syntax, without lookaround and backreferences",
      `${shown(source)}: ${reasonOf(error)}`,
    );
  }
  if (compiled.programSize() > PROGRAM_SIZE_MAX) {
    return badPattern("a smaller regular expression, with lower repeat counts", shown(source));
  }
  return parsed(linearPattern(source, compiled));
}

function linearPattern(source: string, compiled: RE2JS): LinearPattern {
  return {
    source,
    test: (text) => compiled.test(text),
    find: (text) => {
      const matcher = compiled.matcher(text);
      return matcher.find() ? (matcher.group() ?? undefined) : undefined;
    },
    findAll: (text, countMax) => {
      const matcher = compiled.matcher(text);
      const group = compiled.groupCount() > 0 ? 1 : 0;
      const found: string[] = [];
      while (found.length < countMax && matcher.find()) found.push(matcher.group(group) ?? "");
      return found;
    },
  };
}

function badPattern(expected: string, got: string): Parsed<never> {
  return unusable([{ at: "pattern", expected, got }]);
}

function reasonOf(error: RE2JSException): string {
  return error.message.replace(/^error parsing regexp: /, "").slice(0, SHOWN_LENGTH_MAX);
}

function shown(source: string): string {
  return source.length > SHOWN_LENGTH_MAX ? `${source.slice(0, SHOWN_LENGTH_MAX)}…` : source;
}
