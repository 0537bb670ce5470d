import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { nameOfSelected, narrowPlan, shardPlan } from "../../../src/core/suite/narrow-plan.ts";
import type { Selected, SuitePlan } from "../../../src/core/suite/suite.ts";
import { trialsMaxOf } from "../../../src/core/trial/stopping.ts";
import { aFixtureFile } from "../../build/fixtures.ts";

const TRIALS_MAX = 5;

function aPlan(selected: readonly Selected[]): SuitePlan {
  return { changes: [], selected, leftOut: [], broken: [], everythingBecause: undefined };
}

function aSelected(id: string, max?: number, origin: Selected["origin"] = "unchanged"): Selected {
  const trials = max === undefined ? {} : { trials: { max } };
  return { file: aFixtureFile({ id, ...trials }, `evals/${id}-${origin}.yml`), origin, because: "it runs" };
}

function namesIn({ selected }: SuitePlan): readonly string[] {
  return selected.map(nameOfSelected);
}

function trialsIn({ selected }: SuitePlan): number {
  return selected.reduce((sum, { file }) => sum + trialsMaxOf(file.fixture.trials, TRIALS_MAX), 0);
}

test("a plan is narrowed to what is kept, and what is not says why", () => {
  const plan = narrowPlan(
    aPlan([aSelected("a"), aSelected("b")]),
    ({ file }) => file.fixture.id === "a",
    "because",
  );
  expect(namesIn(plan)).toEqual(["a"]);
  expect(plan.leftOut).toMatchObject([{ file: { fixture: { id: "b" } }, because: "because" }]);
});

describe("shards", () => {
  const suites = fc.uniqueArray(
    fc.record({ id: fc.stringMatching(/^[a-z]{1,6}$/), max: fc.integer({ min: 1, max: 5 }) }),
    {
      selector: ({ id }) => id,
      maxLength: 40,
    },
  );
  const counts = fc.integer({ min: 1, max: 8 });
  const shardsOf = (plan: SuitePlan, count: number) =>
    Array.from({ length: count }, (_, index) => shardPlan(plan, { index: index + 1, count }, TRIALS_MAX));

  test("hold every fixture once, whatever the suite", () => {
    fc.assert(
      fc.property(suites, counts, (fixtures, count) => {
        const plan = aPlan(fixtures.map(({ id, max }) => aSelected(id, max)));
        expect(shardsOf(plan, count).flatMap(namesIn).sort()).toEqual([...namesIn(plan)].sort());
      }),
    );
  });

  test("differ by no more trials than one fixture has", () => {
    fc.assert(
      fc.property(suites, counts, (fixtures, count) => {
        const loads = shardsOf(aPlan(fixtures.map(({ id, max }) => aSelected(id, max))), count).map(trialsIn);
        expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(TRIALS_MAX);
      }),
    );
  });

  test("are the same in whatever order the files are found", () => {
    fc.assert(
      fc.property(suites, counts, (fixtures, count) => {
        const plan = aPlan(fixtures.map(({ id, max }) => aSelected(id, max)));
        const turned = aPlan(plan.selected.toReversed());
        const sets = (one: SuitePlan) => shardsOf(one, count).map((shard) => [...namesIn(shard)].sort());
        expect(sets(turned)).toEqual(sets(plan));
      }),
    );
  });

  test("keep the versions of one fixture together", () => {
    const plan = aPlan([
      aSelected("a", 5, "changed"),
      aSelected("a", 5, "base_version"),
      aSelected("b"),
      aSelected("c"),
    ]);
    expect(shardsOf(plan, 2).map(namesIn)).toEqual([
      ["a", "a (base)"],
      ["b", "c"],
    ]);
  });
});
