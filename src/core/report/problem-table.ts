import type { Problem } from "../problem.ts";
import { inlineCode, inlineText, table } from "../text/markdown.ts";

const PROBLEMS_SHOWN_MAX = 50;

/** Renders everything that is wrong with something a person wrote, as a table. */
export function renderProblems(problems: readonly Problem[]): string {
  const rows = problems
    .slice(0, PROBLEMS_SHOWN_MAX)
    .map(({ at, line, expected, got }) => [
      inlineCode(at) + (line === undefined ? "" : ` (line ${line})`),
      inlineText(expected),
      inlineText(got),
    ]);
  const rest = problems.length - rows.length;
  return [
    table(["Where", "Expected", "Got"], rows),
    ...(rest > 0 ? [`\n… and ${rest} more problems.`] : []),
  ].join("\n");
}
