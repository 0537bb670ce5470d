import type { RunReport } from "./run-report.ts";
import { standingOf } from "./standing.ts";

/** What the command line answers to the shell: 0 held, 1 a blocking fixture failed, 3 something blocking, or everything, could not be evaluated, or a part of the suite is missing. */
export type ExitCode = 0 | 1 | 3;

/** Decides the exit code of a run; a failing check is never 0, and nor is a run in which nothing was decided. */
export function decideExitCode(run: RunReport): ExitCode {
  const code = codeOfVerdicts(run);
  const isWhole = (run.missingShards ?? []).length === 0;
  return code === 0 && !isWhole ? 3 : code;
}

function codeOfVerdicts({ conclusions, verdicts, plan }: RunReport): ExitCode {
  const isOpen = verdicts.length > 0 && verdicts.every((verdict) => standingOf(verdict) === "undecided");
  if (isOpen) return 3;
  if (conclusions.blocking === "success") return 0;
  const blocking = verdicts.filter(({ weight }) => weight.effect === "blocks").map(standingOf);
  const isUndecided =
    blocking.includes("undecided") || plan.broken.some(({ brokenBy }) => brokenBy === "head");
  return !blocking.includes("failing") && isUndecided ? 3 : 1;
}
