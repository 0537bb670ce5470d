/** What a sequential test is to tell apart, and how often it may be wrong. */
export interface TestAim {
  /** Pass rate of a healthy agent: 0 to 1, both excluded. */
  readonly healthy: number;
  /** Pass rate of one that is clearly worse. */
  readonly worse: number;
  /** Share of healthy agents that may be failed (alpha). */
  readonly falseAlarms: number;
  /** Share of clearly worse agents that may be passed (beta). */
  readonly missed: number;
}

/** After so many trials: with at most so many failures the side passes, with at least so many it fails. */
export interface Bounds {
  readonly passAt: number;
  readonly failAt: number;
}

/** A test that looks after each trial and always decides by its last. */
export interface SequentialTest {
  readonly trialsMax: number;
  /** Bounds after one trial, two trials and so on up to `trialsMax`. */
  readonly bounds: readonly Bounds[];
}

/** What a test does to agents of one true pass rate, computed exactly. */
export interface Performance {
  /** Share of sides that it passes. */
  readonly passes: number;
  readonly meanTrials: number;
}

/** How far Wald's bounds are drawn in, as they are wider than the error rates need; the best that keeps them is taken. */
const TIGHTENINGS = [0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1];
const LENGTHS_TRIED = 12;

/**
 * Designs the test that needs the fewest trials on average and keeps the error rates.
 *
 * Wald's sequential probability ratio test (Wald 1945) with its bounds drawn in, cut at a last trial where the nearer
 * hypothesis wins. The errors are computed exactly from the binomial paths, so neither Wald's approximations nor
 * the cut can break what is promised. Answers undefined where no test of at most so many trials keeps the error rates.
 */
export function designTest(aim: TestAim, lengthMax: number): SequentialTest | undefined {
  const shortest = shortestTest(aim, lengthMax);
  if (shortest === undefined) return undefined;
  let best: { readonly test: SequentialTest; readonly trials: number } | undefined;
  for (const trialsMax of lengthsFrom(shortest, lengthMax)) {
    for (const tightening of TIGHTENINGS) {
      const test = cutTest(aim, trialsMax, tightening);
      if (!keeps(test, aim)) continue;
      const trials =
        performanceOf(test, aim.healthy).meanTrials +
        performanceOf(test, aim.worse).meanTrials +
        // An agent between the two is where a test can go on for long.
        performanceOf(test, (aim.healthy + aim.worse) / 2).meanTrials;
      if (best === undefined || trials < best.trials) best = { test, trials };
      // Wider bounds only cost more trials.
      break;
    }
  }
  return best?.test;
}

/** The best test of at most so many trials; its error rates may be higher than the aim's. */
export function cutTest(aim: TestAim, trialsMax: number, tightening = 1): SequentialTest {
  const { pass, fail } = weightsOf(aim);
  const upper = tightening * Math.log((1 - aim.missed) / aim.falseAlarms);
  const lower = tightening * Math.log(aim.missed / (1 - aim.falseAlarms));
  const bounds = Array.from({ length: trialsMax - 1 }, (_, index): Bounds => {
    const failuresFor = (evidence: number) => (evidence - (index + 1) * pass) / (fail - pass);
    return { passAt: Math.floor(failuresFor(lower)), failAt: Math.max(1, Math.ceil(failuresFor(upper))) };
  });
  return { trialsMax, bounds: [...bounds, lastBounds(aim, trialsMax)] };
}

/** The bounds of a single look after so many trials: the hypothesis that makes the outcome likelier wins. */
export function lastBounds(aim: TestAim, trials: number): Bounds {
  const { pass, fail } = weightsOf(aim);
  const failAt = Math.max(1, Math.ceil((-trials * pass) / (fail - pass)));
  return { passAt: failAt - 1, failAt };
}

/** Computes exactly how often a test passes an agent of this pass rate, and how many trials it takes. */
export function performanceOf(test: SequentialTest, passRate: number): Performance {
  // Chance to be undecided so far with so many failures.
  let open = [1];
  let passes = 0;
  let meanTrials = 0;
  for (const { passAt, failAt } of test.bounds) {
    const next = new Array<number>(open.length + 1).fill(0);
    for (const [failures, chance] of open.entries()) {
      meanTrials += chance;
      next[failures] = (next[failures] ?? 0) + chance * passRate;
      next[failures + 1] = (next[failures + 1] ?? 0) + chance * (1 - passRate);
    }
    for (const [failures, chance] of next.entries()) {
      if (failures <= passAt) passes += chance;
      if (failures <= passAt || failures >= failAt) next[failures] = 0;
    }
    open = next;
  }
  return { passes, meanTrials };
}

function keeps(test: SequentialTest, aim: TestAim): boolean {
  return (
    1 - performanceOf(test, aim.healthy).passes <= aim.falseAlarms &&
    performanceOf(test, aim.worse).passes <= aim.missed
  );
}

/** The fewest trials, up to a length, with which looking once at the end keeps the error rates; undefined where there are none. */
export function shortestTest(aim: TestAim, lengthMax: number): number | undefined {
  for (let trials = 1; trials <= lengthMax; trials += 1) {
    const healthy = binomial(trials, 1 - aim.healthy);
    const worse = binomial(trials, 1 - aim.worse);
    let passesHealthy = 0;
    let passesWorse = 0;
    for (let failures = 0; failures < trials; failures += 1) {
      passesHealthy += healthy[failures] ?? 0;
      passesWorse += worse[failures] ?? 0;
      if (passesWorse > aim.missed) break;
      if (1 - passesHealthy <= aim.falseAlarms) return trials;
    }
  }
  return undefined;
}

function binomial(trials: number, rate: number): readonly number[] {
  let chances = [1];
  for (let trial = 0; trial < trials; trial += 1) {
    chances = Array.from(
      { length: chances.length + 1 },
      (_, failures) => (chances[failures] ?? 0) * (1 - rate) + (chances[failures - 1] ?? 0) * rate,
    );
  }
  return chances;
}

function lengthsFrom(shortest: number, lengthMax: number): readonly number[] {
  const lengths = Array.from({ length: LENGTHS_TRIED }, (_, step) => Math.round(shortest * (1 + step / 6)));
  return [...new Set(lengths)].filter((length) => length <= lengthMax);
}

/** Logarithms of the likelihood ratio, clearly worse against healthy, that one trial adds. */
function weightsOf({ healthy, worse }: TestAim): { readonly pass: number; readonly fail: number } {
  return { pass: Math.log(worse / healthy), fail: Math.log((1 - worse) / (1 - healthy)) };
}
