import { describe, expect, test } from "@jest/globals";
import { decideByTally, nextTrials, type StopRule, trialsMaxOf } from "../../../src/core/trial/stopping.ts";
import { aChance } from "../../build/chance.ts";

describe("at pass rate 1", () => {
  const rule = { passRate: 1, trialsMax: 5 };

  test.each([
    { passed: 0, failed: 0, decided: "open", next: 1 },
    { passed: 1, failed: 0, decided: "open", next: 4 },
    { passed: 4, failed: 0, decided: "open", next: 1 },
    { passed: 5, failed: 0, decided: "passed", next: 0 },
    { passed: 0, failed: 1, decided: "failed", next: 0 },
    { passed: 4, failed: 1, decided: "failed", next: 0 },
  ])("$passed passes and $failed failures are $decided, $next trials next", ({ decided, next, ...tally }) => {
    expect(decideByTally(tally, rule)).toBe(decided);
    expect(nextTrials(tally, rule)).toBe(next);
  });
});

test("at pass rate 1 the rounds grow, so that many trials are not all started before the first failure shows", () => {
  const rule = { passRate: 1, trialsMax: 20 };
  const rounds = [];
  for (let passed = 0; passed < 20; passed += rounds.at(-1) ?? 0)
    rounds.push(nextTrials({ passed, failed: 0 }, rule));
  expect(rounds).toEqual([1, 4, 5, 10]);
});

describe("below pass rate 1 a sequential test decides", () => {
  test.each([
    { passRate: 0.95, passed: 0, failed: 2, decided: "failed" },
    { passRate: 0.95, passed: 9, failed: 0, decided: "open" },
    { passRate: 0.95, passed: 10, failed: 0, decided: "passed" },
    { passRate: 0.8, passed: 0, failed: 3, decided: "open" },
    { passRate: 0.8, passed: 0, failed: 4, decided: "failed" },
    { passRate: 0.5, passed: 5, failed: 0, decided: "passed" },
  ])("$passed of $passed + $failed at $passRate is $decided", ({ passRate, decided, ...tally }) => {
    expect(decideByTally(tally, { passRate, trialsMax: 100 })).toBe(decided);
  });

  test.each([
    { passed: 4, failed: 1, decided: "passed" },
    { passed: 3, failed: 2, decided: "failed" },
    { passed: 0, failed: 3, decided: "open" },
    { passed: 0, failed: 4, decided: "failed" },
  ])(
    "where five trials are all there are, $passed passes of $passed + $failed at 0.8 are $decided",
    ({ decided, ...tally }) => {
      expect(decideByTally(tally, { passRate: 0.8, trialsMax: 5 })).toBe(decided);
    },
  );

  test("a gate can be passed and failed however few trials there are, and is decided by the last", () => {
    for (const trialsMax of [1, 2, 3, 7, 50]) {
      const rule = { passRate: 0.9, trialsMax };
      expect(decideByTally({ passed: trialsMax, failed: 0 }, rule)).toBe("passed");
      expect(decideByTally({ passed: 0, failed: trialsMax }, rule)).toBe("failed");
      for (let failed = 0; failed <= trialsMax; failed += 1)
        expect(decideByTally({ passed: trialsMax - failed, failed }, rule)).not.toBe("open");
    }
  });
});

test.each([
  { fixture: { pass_rate: 1 }, ofRun: 5, trials: 5 },
  { fixture: { pass_rate: 1, max: 3 }, ofRun: 5, trials: 3 },
  { fixture: { pass_rate: 1, max: 10 }, ofRun: 5, trials: 5 },
  { fixture: { pass_rate: 0.95 }, ofRun: 5, trials: 32 },
  { fixture: { pass_rate: 0.95, max: 20 }, ofRun: 5, trials: 20 },
])("of a run with $ofRun trials, $fixture gets $trials", ({ fixture, ofRun, trials }) => {
  expect(trialsMaxOf(fixture, ofRun)).toBe(trials);
});

function simulate(passRate: number, rule: StopRule, chance: () => number) {
  let tally = { passed: 0, failed: 0 };
  for (let next = nextTrials(tally, rule); next > 0; next = nextTrials(tally, rule)) {
    for (let trial = 0; trial < next; trial += 1) {
      const passed = chance() < passRate ? 1 : 0;
      tally = { passed: tally.passed + passed, failed: tally.failed + 1 - passed };
    }
  }
  return { decided: decideByTally(tally, rule), trials: tally.passed + tally.failed };
}

test.each([
  { agent: "healthy", passRate: 0.95, wrong: "failed", trialsMean: 15 },
  { agent: "clearly worse", passRate: 0.7, wrong: "passed", trialsMean: 11 },
])(
  "a $agent agent is misjudged in about one of twenty runs at most, after few trials",
  ({ passRate, wrong, trialsMean }) => {
    const chance = aChance(7);
    const runs = Array.from({ length: 20_000 }, () =>
      simulate(passRate, { passRate: 0.95, trialsMax: 100 }, chance),
    );
    expect(runs.filter(({ decided }) => decided === wrong).length / runs.length).toBeLessThan(0.055);
    expect(runs.reduce((sum, { trials }) => sum + trials, 0) / runs.length).toBeLessThan(trialsMean);
  },
);
