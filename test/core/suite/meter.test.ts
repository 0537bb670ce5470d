import { expect, test } from "@jest/globals";
import { createMeter } from "../../../src/core/suite/meter.ts";
import { pricesWith } from "../../../src/core/trial/prices.ts";
import { aJudge, aModel, NO_JUDGE, says } from "../../build/models.ts";

const signal = new AbortController().signal;
const aRequest = (model: string) => ({
  provider: "anthropic" as const,
  model,
  parameters: {},
  system: [],
  turns: [],
  tools: [],
});
const QUESTION = {
  conversation: [],
  answer: "",
  reference: undefined,
  items: [{ kind: "must", text: "be kind" }],
} as const;

function aMeter(maxCostUsd = 5) {
  let spent = 0;
  const meter = createMeter({ prices: pricesWith({}), maxCostUsd, onSpent: () => (spent += 1) });
  return { meter, isSpent: () => spent > 0 };
}

test("agents and judges are counted together, and models without a price are named once", async () => {
  const { meter } = aMeter();
  const ask = meter.metered(aModel([says("Hi.")]));
  await ask(aRequest("claude-sonnet-5-5"), signal);
  await ask(aRequest("house-model"), signal);
  await ask(aRequest("house-model"), signal);
  await meter.meteredJudge(aJudge("yes"))(QUESTION, signal);
  await meter.meteredJudge(NO_JUDGE)(QUESTION, signal);
  expect(meter.spentUsd()).toBeCloseTo(0.003 + 0.00015, 8);
  expect(meter.unpricedModels()).toEqual(["house-model"]);
});

// The dearest known price is $10 and $50 for a million tokens: 1,000 and 100 of them are $0.015.
test.each([
  { model: "claude-sonnet-5-5", maxCostUsd: 0.0031, isSpent: false },
  { model: "claude-sonnet-5-5", maxCostUsd: 0.003, isSpent: true },
  { model: "house-model", maxCostUsd: 0.0151, isSpent: false },
  { model: "house-model", maxCostUsd: 0.015, isSpent: true },
])(
  "one request to $model reaches a limit of $maxCostUsd: $isSpent",
  async ({ model, maxCostUsd, isSpent }) => {
    const meant = aMeter(maxCostUsd);
    await meant.meter.metered(aModel([says("Hi.")]))(aRequest(model), signal);
    expect(meant.isSpent()).toBe(isSpent);
  },
);

test("a judge spends the money of the run, and none is asked once it is over", async () => {
  const meant = aMeter(0.00015);
  const askJudge = meant.meter.meteredJudge(aJudge("yes"));
  await askJudge(QUESTION, signal);
  expect(meant.isSpent()).toBe(true);
  await expect(askJudge(QUESTION, AbortSignal.abort(new Error("it is spent")))).rejects.toThrow(
    "it is spent",
  );
});
