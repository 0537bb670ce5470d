import { type Interval, wilsonInterval } from "../statistics/intervals.ts";
import { cohensKappa, type Kappa } from "../statistics/kappa.ts";

/** How often a judge decided what of answers with one label. */
export interface LabelCounts {
  readonly pass: number;
  readonly fail: number;
  /** Undecided, or outside the offered set. */
  readonly unclear: number;
}

/** What a judge said of all examples, by what people said. */
export interface CalibrationCounts {
  readonly passes: LabelCounts;
  readonly fails: LabelCounts;
}

/** How far a judge can be believed. */
export interface Calibration {
  readonly examples: number;
  /** Share of examples of which judge and people say the same. */
  readonly agreement: Interval | undefined;
  readonly kappa: Kappa | undefined;
  /** Share of the failures that the judge passes. */
  readonly missedFailures: Interval | undefined;
  /** Share of what is right that the judge fails. */
  readonly falseAlarms: Interval | undefined;
  readonly undecided: Interval | undefined;
}

/** Examples of each label without which a judge may not block: with fewer, no error in all of them shows little. */
const LABELLED_MIN = 20;
/** Upper bounds of missed failures and of false alarms with which a judge may still block. */
const ERRORS_MAX = 0.25;
/** Kappa with which a judge may block: substantial agreement (Landis and Koch 1977). */
const KAPPA_MIN = 0.6;
/** Share of examples that a blocking judge may leave undecided. */
const UNDECIDED_MAX = 0.1;

/** Measures a judge by its answers to examples that people labelled. */
export function measureJudge({ passes, fails }: CalibrationCounts): Calibration {
  const [right, wrong] = [totalOf(passes), totalOf(fails)];
  return {
    examples: right + wrong,
    agreement: wilsonInterval(passes.pass + fails.fail, right + wrong),
    kappa: cohensKappa([
      [passes.pass, passes.fail, passes.unclear],
      [fails.pass, fails.fail, fails.unclear],
      [0, 0, 0],
    ]),
    missedFailures: wilsonInterval(fails.pass, wrong),
    falseAlarms: wilsonInterval(passes.fail, right),
    undecided: wilsonInterval(passes.unclear + fails.unclear, right + wrong),
  };
}

/** Says what keeps a measured judge from blocking; nothing where it may. */
export function whyNotBlocking(counts: CalibrationCounts): readonly string[] {
  const { passes, fails } = counts;
  const { kappa, missedFailures, falseAlarms, undecided } = measureJudge(counts);
  const few = [
    { label: "pass", count: totalOf(passes) },
    { label: "fail", count: totalOf(fails) },
  ]
    .filter(({ count }) => count < LABELLED_MIN)
    .map(({ label, count }) => `${count} of at least ${LABELLED_MIN} examples are labelled ${label}`);
  return [
    ...few,
    ...tooHigh("missed failures", missedFailures),
    ...tooHigh("false alarms", falseAlarms),
    ...((kappa?.estimate ?? 0) < KAPPA_MIN
      ? [`kappa is ${(kappa?.estimate ?? 0).toFixed(2)}, below ${KAPPA_MIN}`]
      : []),
    ...((undecided?.estimate ?? 1) > UNDECIDED_MAX
      ? [`${share(undecided?.estimate ?? 1)} is left undecided, more than ${share(UNDECIDED_MAX)}`]
      : []),
  ];
}

function tooHigh(what: string, interval: Interval | undefined): readonly string[] {
  if (interval !== undefined && interval.high <= ERRORS_MAX) return [];
  const high = interval === undefined ? "unknown" : share(interval.high);
  return [`${what} may be as many as ${high}, more than ${share(ERRORS_MAX)}`];
}

function totalOf({ pass, fail, unclear }: LabelCounts): number {
  return pass + fail + unclear;
}

function share(value: number): string {
  return `${Math.round(value * 100)} %`;
}
