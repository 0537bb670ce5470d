import { describe, expect, test } from "@jest/globals";
import {
  cutTest,
  designTest,
  performanceOf,
  type TestAim,
} from "../../../src/core/statistics/sequential-test.ts";

function anAim(healthy: number, worse: number): TestAim {
  return { healthy, worse, falseAlarms: 0.05, missed: 0.05 };
}

function designed(aim: TestAim) {
  const test = designTest(aim, 400);
  if (test === undefined) throw new Error("no test was found");
  return test;
}

// Mean trials of Wald's own test with these error rates, by simulation, and of a fixed number of trials.
describe.each([
  { healthy: 0.95, worse: 0.7, wald: { healthy: 14, worse: 10 }, fixed: 20 },
  { healthy: 0.95, worse: 0.5, wald: { healthy: 6, worse: 5 }, fixed: 7 },
  { healthy: 0.9, worse: 0.7, wald: { healthy: 25, worse: 20 }, fixed: 39 },
])("a test that tells $healthy from $worse", ({ healthy, worse, wald, fixed }) => {
  const sequential = designed(anAim(healthy, worse));

  test("keeps both error rates exactly", () => {
    expect(1 - performanceOf(sequential, healthy).passes).toBeLessThanOrEqual(0.05);
    expect(performanceOf(sequential, worse).passes).toBeLessThanOrEqual(0.05);
  });

  test("needs no more trials on average than Wald's, and fewer than a fixed number", () => {
    expect(Math.round(performanceOf(sequential, healthy).meanTrials)).toBeLessThanOrEqual(wald.healthy);
    expect(Math.round(performanceOf(sequential, worse).meanTrials)).toBeLessThanOrEqual(wald.worse);
    expect(performanceOf(sequential, healthy).meanTrials).toBeLessThan(fixed);
  });

  test("passes better agents more often", () => {
    const rates = Array.from({ length: 21 }, (_, step) => step / 20);
    const passes = rates.map((rate) => performanceOf(sequential, rate).passes);
    expect(passes).toEqual([...passes].sort((one, other) => one - other));
    expect([passes[0], passes.at(-1)]).toEqual([0, 1]);
  });
});

test("its performance is that of its trials, counted one by one", () => {
  // Two trials: two passes pass, two failures fail, and one of each is cut in favour of the worse.
  const twice = cutTest(anAim(0.9, 0.5), 2);
  expect(twice.bounds.at(-1)).toEqual({ passAt: 0, failAt: 1 });
  expect(performanceOf(twice, 0.8).passes).toBeCloseTo(0.64, 10);
});

test("rates that trials cannot tell apart have no test", () => {
  expect(designTest(anAim(0.99, 0.98), 400)).toBeUndefined();
});
