import type { Interval } from "../statistics/intervals.ts";
import { type CalibrationCounts, measureJudge, whyNotBlocking } from "./calibration.ts";

/** Writes for people how far a judge can be believed, and whether it may block. */
export function renderCalibration(found: CalibrationCounts, judge: string): string {
  const { examples, agreement, kappa, missedFailures, falseAlarms, undecided } = measureJudge(found);
  const why = whyNotBlocking(found);
  const kappaText =
    kappa === undefined
      ? "cannot be told: every answer has the same label"
      : `${kappa.estimate.toFixed(2)} (${kappa.low.toFixed(2)} to ${kappa.high.toFixed(2)})`;
  return [
    `Judge ${judge} on ${examples} examples, with 95 % intervals:`,
    "",
    `  agreement         ${percent(agreement)}`,
    `  Cohen's kappa     ${kappaText}`,
    `  missed failures   ${percent(missedFailures)} of what people fail`,
    `  false alarms      ${percent(falseAlarms)} of what people pass`,
    `  left undecided    ${percent(undecided)}`,
    "",
    why.length === 0
      ? "It may block."
      : `It may warn and not block:\n${why.map((one) => `  - ${one}`).join("\n")}`,
    "",
  ].join("\n");
}

function percent(interval: Interval | undefined): string {
  if (interval === undefined) return "unknown, without any example";
  const [estimate, low, high] = [interval.estimate, interval.low, interval.high].map((one) =>
    Math.round(one * 100),
  );
  return `${estimate} % (${low} to ${high})`;
}
