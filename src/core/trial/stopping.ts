import {
  cutTest,
  designTest,
  lastBounds,
  performanceOf,
  type SequentialTest,
  shortestTest,
  type TestAim,
} from "../statistics/sequential-test.ts";

/** What the trials of a side came to so far. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** When a side is decided. */
export interface StopRule {
  /** Share of trials that a healthy agent passes. */
  readonly passRate: number;
  readonly trialsMax: number;
}

/** Share of healthy agents that a test may fail, and of clearly worse ones that it may pass. */
const ERROR_RATE = 0.05;

/** How much smaller the pass rate of a clearly worse agent is: 0.95 is told from 0.70, 0.80 from 0.55. */
const DROP = 0.25;

/** The most that a fixture can ask for. */
export const TRIALS_MAX = 100;

/** Trials that start together after a first one that passed. */
const SECOND_ROUND = 4;

/** Pass rates are told apart in hundredths, so that few tests have to be designed. */
const HUNDREDTHS = 100;

/** What the trials of a fixture with this pass rate, below 1, are to tell apart. */
function aimOf(passRate: number): TestAim {
  const healthy = Math.min(0.99, Math.max(0.01, Math.round(passRate * HUNDREDTHS) / HUNDREDTHS));
  const worse = Math.max(healthy - DROP, healthy / 2);
  return { healthy, worse, falseAlarms: ERROR_RATE, missed: ERROR_RATE };
}

/** Tells whether so few trials as a fixture may have can tell this pass rate, below 1, from a clearly worse one. */
export function isTestable(passRate: number): boolean {
  return shortestTest(aimOf(passRate), TRIALS_MAX) !== undefined;
}

/** How often at most so many trials are wrong about a healthy agent, and about a clearly worse one. */
export function errorsOf(
  passRate: number,
  trialsMax: number,
): { readonly falseAlarms: number; readonly missed: number; readonly worse: number } {
  const aim = aimOf(passRate);
  const test = cutTest(aim, trialsMax);
  return {
    falseAlarms: 1 - performanceOf(test, aim.healthy).passes,
    missed: performanceOf(test, aim.worse).passes,
    worse: aim.worse,
  };
}

/** Says how many trials a fixture gets on a side: at pass rate 1 what the run gives, below it what the decision takes; its own `max` bounds both. */
export function trialsMaxOf(
  { max, pass_rate }: { readonly max?: number | undefined; readonly pass_rate: number },
  ofRun: number,
): number {
  if (pass_rate === 1) return Math.min(ofRun, max ?? ofRun);
  return max ?? wholeTest(pass_rate)?.trialsMax ?? ofRun;
}

/**
 * Decides a side as early as the evidence allows.
 * Pass rate 1: the first failure fails it, and only the full number of passes passes it.
 * Below 1: a sequential test, which decides by its last trial at the latest.
 */
export function decideByTally(tally: Tally, rule: StopRule): "passed" | "failed" | "open" {
  const { passed, failed } = tally;
  if (rule.passRate === 1) {
    if (failed > 0) return "failed";
    return passed >= rule.trialsMax ? "passed" : "open";
  }
  const trials = passed + failed;
  if (trials === 0) return "open";
  // More trials than the test needs were measured: all of them are looked at once.
  const bounds = testOf(rule).bounds[trials - 1] ?? lastBounds(aimOf(rule.passRate), trials);
  if (failed <= bounds.passAt) return "passed";
  return failed >= bounds.failAt ? "failed" : "open";
}

/**
 * Says how many trials to start together next.
 * Pass rate 1: one first, since most regressions show at once; then four, which ends most runs of a pull request;
 * then as many as there were, so that a rare failure late costs at most twice the trials that it took to see it.
 * Below 1: as many as any decision needs, so that none is wasted.
 */
export function nextTrials(tally: Tally, rule: StopRule): number {
  if (decideByTally(tally, rule) !== "open") return 0;
  const done = tally.passed + tally.failed;
  const left = rule.trialsMax - done;
  if (rule.passRate === 1) return Math.min(left, done === 0 ? 1 : Math.max(SECOND_ROUND, done));
  const needed = testOf(rule)
    .bounds.slice(done)
    .findIndex(({ passAt, failAt }, step) => tally.failed <= passAt || tally.failed + step + 1 >= failAt);
  return needed === -1 ? left : needed + 1;
}

const wholeTests = new Map<number, SequentialTest | undefined>();
const cutTests = new Map<string, SequentialTest>();

/** The test that keeps the error rates; undefined where trials cannot tell such rates apart. */
function wholeTest(passRate: number): SequentialTest | undefined {
  const aim = aimOf(passRate);
  if (!wholeTests.has(aim.healthy)) wholeTests.set(aim.healthy, designTest(aim, TRIALS_MAX));
  return wholeTests.get(aim.healthy);
}

function testOf({ passRate, trialsMax }: StopRule): SequentialTest {
  const whole = wholeTest(passRate);
  if (whole !== undefined && whole.trialsMax <= trialsMax) return whole;
  const aim = aimOf(passRate);
  const key = `${aim.healthy} ${trialsMax}`;
  const cut = cutTests.get(key) ?? cutTest(aim, trialsMax);
  cutTests.set(key, cut);
  return cut;
}
