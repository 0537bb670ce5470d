import { describe, expect, test } from "@jest/globals";
import { renderEstimate } from "../../../src/core/report/render-estimate.ts";
import { type Estimated, estimateCost } from "../../../src/core/suite/estimate-cost.ts";
import { pricesWith } from "../../../src/core/trial/prices.ts";
import { aFixtureFile } from "../../build/fixtures.ts";
import { anAgent } from "../../build/models.ts";

function estimate(overrides: Partial<Estimated> = {}) {
  const file = aFixtureFile({ id: "refund" });
  return estimateCost({
    selected: [{ file, origin: "unchanged", because: "it runs" }],
    agents: new Map([["refund", anAgent()]]),
    trialsMax: 5,
    sides: 1,
    prices: pricesWith({}),
    seen: new Map(),
    ...overrides,
  });
}

describe("an estimate", () => {
  test("grows with trials, sides, prompt and turns, and its most is never below what is likely", () => {
    const { likelyUsd, mostUsd, trialsMax } = estimate();
    expect([trialsMax, mostUsd > likelyUsd, likelyUsd > 0]).toEqual([5, true, true]);
    expect(estimate({ trialsMax: 10 }).likelyUsd).toBeCloseTo(2 * likelyUsd);
    expect(estimate({ sides: 2 })).toMatchObject({ likelyUsd, trialsMax: 10 });
    expect(estimate({ sides: 2 }).mostUsd).toBeCloseTo(2 * mostUsd);
    const longer = new Map([["refund", anAgent({ system: "x".repeat(40_000) })]]);
    expect(estimate({ agents: longer }).likelyUsd).toBeGreaterThan(2 * likelyUsd);
    expect(estimate({ agents: new Map([["refund", anAgent({ maxTurns: 60 })]]) }).mostUsd).toBeGreaterThan(
      5 * mostUsd,
    );
  });

  test("goes by the last run where there was one", () => {
    expect(estimate({ seen: new Map([["refund", 0.25]]) })).toMatchObject({
      likelyUsd: 1.25,
      seenFixtures: 1,
    });
  });

  test("counts a model that nobody has priced at the dearest known price, and names it", () => {
    const unpriced = estimate({ agents: new Map([["refund", anAgent({ model: "claude-next" })]]) });
    expect(unpriced.unpricedModels).toEqual(["claude-next"]);
    expect(unpriced.likelyUsd).toBeGreaterThan(estimate().likelyUsd);
  });

  test("says what it leaves out", () => {
    const elsewhere = estimate({ agents: new Map() });
    expect(elsewhere).toMatchObject({ likelyUsd: 0, elsewhere: 1 });
    expect(renderEstimate(elsewhere, 1, 5)).toBe(
      "About $0, at most $0 for at most 5 trials (by the length of the texts; without the 1 fixture of agents that run elsewhere).",
    );
  });

  test("is bounded by what the run may cost", () => {
    expect(renderEstimate(estimate(), 1, 0.1)).toContain("at most $0.10, where the run ends,");
  });
});
