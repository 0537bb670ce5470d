import { problemText } from "../problem.ts";
import { compilePattern, type LinearPattern } from "../text/linear-pattern.ts";

const COMPILED_MAX = 500;

// Every trial of a fixture asks for the same patterns, and compiling one costs more than a whole trial's grading.
const compiled = new Map<string, LinearPattern>();

/** Compiles a pattern of a fixture that was checked when it was read; a bad one here is our bug. */
export function checkedPattern(source: string): LinearPattern {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const pattern = compilePattern(source);
  if (pattern.kind === "unusable") throw new Error(pattern.problems.map(problemText).join("; "));
  const oldest = compiled.keys().next();
  if (compiled.size >= COMPILED_MAX && !oldest.done) compiled.delete(oldest.value);
  compiled.set(source, pattern.value);
  return pattern.value;
}
