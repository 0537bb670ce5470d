import type { Parsed } from "../problem.ts";
import { compilePattern, type LinearPattern } from "../text/linear-pattern.ts";

const COMPILED_MAX = 500;

// Every trial of a fixture asks for the same patterns, and compiling one costs more than a whole trial's grading.
const compiled = new Map<string, Parsed<LinearPattern>>();

/** Compiles a pattern of a fixture, once for all its trials. */
export function fixturePattern(source: string): Parsed<LinearPattern> {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const pattern = compilePattern(source);
  const oldest = compiled.keys().next();
  if (compiled.size >= COMPILED_MAX && !oldest.done) compiled.delete(oldest.value);
  compiled.set(source, pattern);
  return pattern;
}
