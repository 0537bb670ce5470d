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

/** Chance to fail a healthy agent, and to pass one that is clearly worse, where the test may run to its own end. */
const ERROR_RATE = 0.05;

/** How much smaller the pass rate of a clearly worse agent is: 0.95 is told from 0.70, 0.80 from 0.55. */
const DROP = 0.25;

// Wald's bounds for equal error rates on both sides.
const BOUND = Math.log((1 - ERROR_RATE) / ERROR_RATE);

/**
 * Decides a side as early as the evidence allows.
 * Pass rate 1: the first failure fails it, and only the full number of passes passes it.
 * Below 1: Wald's sequential test; where the trials run out first, the observed share decides.
 */
export function decideByTally(tally: Tally, rule: StopRule): "passed" | "failed" | "open" {
  const { passed, failed } = tally;
  if (rule.passRate === 1) {
    if (failed > 0) return "failed";
    return passed >= rule.trialsMax ? "passed" : "open";
  }
  const evidence = evidenceOf(tally, rule.passRate);
  if (evidence >= BOUND) return "failed";
  if (evidence <= -BOUND) return "passed";
  const trials = passed + failed;
  if (trials < rule.trialsMax) return "open";
  if (passed / trials >= rule.passRate) return "passed";
  return passed === 0 ? "failed" : "open";
}

/**
 * Says how many trials to start together next.
 * Pass rate 1: one first, since most regressions show at once, and then all that a pass needs.
 * Below 1: as many as any decision needs, so that none is wasted.
 */
export function nextTrials(tally: Tally, rule: StopRule): number {
  if (decideByTally(tally, rule) !== "open") return 0;
  const done = tally.passed + tally.failed;
  const left = rule.trialsMax - done;
  if (rule.passRate === 1) return done === 0 ? Math.min(1, left) : left;
  const evidence = evidenceOf(tally, rule.passRate);
  const { pass, fail } = weightsOf(rule.passRate);
  const failuresNeeded = Math.ceil((BOUND - evidence) / fail);
  const passesNeeded = Math.ceil((BOUND + evidence) / -pass);
  return Math.max(0, Math.min(left, failuresNeeded, passesNeeded));
}

/** Log likelihood ratio of a clearly worse agent against a healthy one. */
function evidenceOf({ passed, failed }: Tally, passRate: number): number {
  const { pass, fail } = weightsOf(passRate);
  return passed * pass + failed * fail;
}

function weightsOf(passRate: number): { readonly pass: number; readonly fail: number } {
  const worse = Math.max(passRate - DROP, passRate / 2);
  return { pass: Math.log(worse / passRate), fail: Math.log((1 - worse) / (1 - passRate)) };
}
