import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { cohensKappa } from "../../../src/core/statistics/kappa.ts";

test("kappa and its interval are those that statistics packages give", () => {
  // The table of Cohen's kappa that textbooks work with: 20, 5, 10, 15; psych::cohen.kappa gives 0.15, 0.40, 0.65.
  const kappa = cohensKappa([
    [20, 5],
    [10, 15],
  ]);
  expect(kappa?.estimate).toBeCloseTo(0.4, 6);
  expect(kappa?.low).toBeCloseTo(0.153, 2);
  expect(kappa?.high).toBeCloseTo(0.647, 2);
});

test("complete agreement on few items is not certainty", () => {
  const few = cohensKappa([
    [5, 0],
    [0, 5],
  ]);
  const many = cohensKappa([
    [500, 0],
    [0, 500],
  ]);
  expect(few).toMatchObject({ estimate: 1, high: 1 });
  expect(few?.low).toBeLessThan(0.5);
  expect(many?.low).toBeGreaterThan(0.98);
});

test.each([
  [
    "nothing",
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    "one word only",
    [
      [9, 0],
      [0, 0],
    ],
  ],
])("of %s there is no agreement beyond chance to tell", (_name, counts) => {
  expect(cohensKappa(counts)).toBeUndefined();
});

test("an interval always holds its estimate", () => {
  const row = fc.tuple(fc.nat(50), fc.nat(50), fc.nat(50));
  fc.assert(
    fc.property(fc.tuple(row, row, row), (counts) => {
      const kappa = cohensKappa(counts);
      if (kappa === undefined) return;
      expect(kappa.low).toBeLessThanOrEqual(kappa.estimate + 1e-9);
      expect(kappa.high).toBeGreaterThanOrEqual(kappa.estimate - 1e-9);
    }),
  );
});
