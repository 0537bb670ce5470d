import { assertNever } from "../problem.ts";
import type { Side } from "../trial/trial.ts";

/** Says what one side of a fixture came to, with the trials that it rests on: `passed 5 of 5`. */
export function sideWords(side: Side | undefined): string {
  if (side === undefined) return "–";
  const passed = side.trials.filter((trial) => trial.status === "passed").length;
  const failed = side.trials.filter((trial) => trial.status === "failed").length;
  const graded = passed + failed;
  switch (side.outcome) {
    case "passed":
      return `passed ${passed} of ${graded}`;
    case "failed":
      return `failed ${failed} of ${graded}`;
    case "flaky":
      return `flaky: failed ${failed} of ${graded}`;
    case "undecided":
      return "not decided";
    case "not_run":
      return "not run";
    default:
      return assertNever(side.outcome);
  }
}
