import { CONFIG_PATH } from "../config/config.ts";
import type { Problem } from "../problem.ts";
import { plural } from "./amounts.ts";
import type { CheckRun } from "./check-run.ts";
import { renderProblems } from "./problem-table.ts";

const PROBLEMS_SHOWN_MAX = 10;

/** Adds to checks that the configuration on the default branch is broken, and what judged in its place. */
export function noteBrokenJudging(
  checks: readonly CheckRun[],
  problems: readonly Problem[],
  judgedBy: "last_usable" | "head",
): readonly CheckRun[] {
  if (problems.length === 0) return checks;
  const instead =
    judgedBy === "last_usable"
      ? ": the last one there that could be used judged this commit"
      : ", and no earlier one is known: this commit's own judged it, with every fixture";
  const note = [
    `\`${CONFIG_PATH}\` on the default branch cannot be used (${plural(problems.length, "problem")})${instead}.`,
    "**Who has to act:** whoever maintains the default branch.",
    renderProblems(problems.slice(0, PROBLEMS_SHOWN_MAX)),
  ].join("\n\n");
  return checks.map((check) => ({ ...check, summary: `${check.summary}\n\n${note}` }));
}
