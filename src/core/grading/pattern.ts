import { problemText } from "../problem.ts";
import { compilePattern, type LinearPattern } from "../text/linear-pattern.ts";

/** Compiles a pattern of a fixture that was checked when it was read; a bad one here is our bug. */
export function checkedPattern(source: string): LinearPattern {
  const compiled = compilePattern(source);
  if (compiled.kind === "parsed") return compiled.value;
  throw new Error(compiled.problems.map(problemText).join("; "));
}
