import { expect, test } from "@jest/globals";
import { costOfTrajectory, costOfUsage, pricesWith } from "../../../src/core/trial/prices.ts";
import { aSpan, aTrajectory } from "../../build/reports.ts";

const MILLION = { inputTokens: 1_000_000, outputTokens: 1_000_000, cacheReadTokens: 0, cacheWriteTokens: 0 };
const CACHED = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 1_000_000, cacheWriteTokens: 1_000_000 };

test.each([
  { model: "claude-opus-4-5", usage: MILLION, cost: 30 },
  { model: "claude-opus-4-5-20251101", usage: MILLION, cost: 30 },
  { model: "claude-opus-4-5", usage: CACHED, cost: 6.75 },
  { model: "claude-sonnet-5-5", usage: CACHED, cost: 2.6 },
  { model: "claude-haiku-5-5", usage: MILLION, cost: 3 },
  { model: "claude-haiku-5-5", usage: { ...MILLION, inputTokens: 100_000 }, cost: 0.51 },
  { model: "house-model", usage: MILLION, cost: undefined },
])("$model costs $cost", ({ model, usage, cost }) => {
  const actual = costOfUsage(model, usage, pricesWith({}));
  expect(actual).toEqual(cost === undefined ? undefined : expect.closeTo(cost, 6));
});

test("a price of the configuration goes before the table's", () => {
  const prices = pricesWith({
    "house-model": { input: 1, output: 1 },
    "claude-opus-4-5": { input: 0, output: 1 },
  });
  expect(costOfUsage("house-model", MILLION, prices)).toBe(2);
  expect(costOfUsage("claude-opus-4-5", MILLION, prices)).toBe(1);
});

test("one model without a price leaves the cost of the whole trajectory unknown", () => {
  const spans = ["model:claude-opus-4-5", "tool:read_order", "model:house-model"];
  const trajectory = aTrajectory([], { spans: spans.map((name) => aSpan(name, { usage: MILLION })) });
  expect(costOfTrajectory(trajectory, pricesWith({}))).toBeUndefined();
  expect(costOfTrajectory(trajectory, pricesWith({ "house-model": { input: 1, output: 1 } }))).toBe(32);
});
