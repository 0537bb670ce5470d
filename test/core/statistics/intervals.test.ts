import { expect, test } from "@jest/globals";
import { clusteredInterval, type Interval, wilsonInterval } from "../../../src/core/statistics/intervals.ts";

function percents(interval: Interval | undefined): readonly number[] | undefined {
  return (
    interval &&
    [interval.estimate, interval.low, interval.high].map((share) => Math.round(share * 1_000) / 10)
  );
}

// Reference values: Wilson's score interval, 95 %.
test.each([
  { successes: 5, trials: 5, interval: [100, 56.6, 100] },
  { successes: 0, trials: 5, interval: [0, 0, 43.4] },
  { successes: 10, trials: 10, interval: [100, 72.2, 100] },
  { successes: 9, trials: 10, interval: [90, 59.6, 98.2] },
  { successes: 50, trials: 100, interval: [50, 40.4, 59.6] },
])("$successes of $trials", ({ successes, trials, interval }) => {
  expect(percents(wilsonInterval(successes, trials))).toEqual(interval);
});

test("nothing tried has no interval", () => {
  expect(wilsonInterval(0, 0)).toBeUndefined();
  expect(clusteredInterval([])).toBeUndefined();
  expect(clusteredInterval([[], []])).toBeUndefined();
});

test("fixtures of one incident count for little more than one of them", () => {
  const apart = clusteredInterval([[1], [1], [1], [0], [0], [0], [1], [1]]);
  const together = clusteredInterval([
    [1, 1, 1],
    [0, 0, 0],
    [1, 1],
  ]);
  expect(percents(apart)?.[0]).toBe(62.5);
  expect(percents(together)?.[0]).toBe(62.5);
  expect(width(together)).toBeGreaterThan(width(apart));
});

test("a mean over one-item clusters is that of Student's t", () => {
  // Mean 0.5, standard error 0.2887 with 4 items, t = 3.182.
  expect(percents(clusteredInterval([[1], [1], [0], [0]]))).toEqual([50, 0, 100]);
  const many = Array.from({ length: 100 }, (_, index) => [index % 2]);
  expect(percents(clusteredInterval(many))).toEqual([50, 40.2, 59.8]);
});

test.each([
  { clusters: [[1, 1, 1, 1]], interval: [100, 20.7, 100] },
  { clusters: [[1], [1], [1], [1], [1]], interval: [100, 56.6, 100] },
])("where nothing varies the number of clusters bounds what is known", ({ clusters, interval }) => {
  expect(percents(clusteredInterval(clusters))).toEqual(interval);
});

function width(interval: Interval | undefined): number {
  return interval === undefined ? Number.NaN : interval.high - interval.low;
}
