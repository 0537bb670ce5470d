import { type Problem, problemText } from "../core/problem.ts";
import { plural } from "../core/report/amounts.ts";
import { oneLine } from "../core/text/markdown.ts";
import { EXIT, type ExitCode, type Terminal } from "./command.ts";

const PROBLEMS_SHOWN_MAX = 500;

/** Prints everything that is wrong with what a person wrote. */
export function reportProblems(problems: readonly Problem[], terminal: Terminal): ExitCode {
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX).map((problem) => oneLine(problemText(problem)));
  terminal.print(`${shown.join("\n")}\n`);
  terminal.say(`${plural(problems.length, "problem")}\n`);
  return EXIT.misused;
}

/** Says in which file a problem is. */
export function inFile(path: string): (problem: Problem) => Problem {
  return (problem) => ({ ...problem, at: `${path}: ${problem.at}` });
}
