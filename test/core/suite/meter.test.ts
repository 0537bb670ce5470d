import { expect, test } from "@jest/globals";
import { createMeter } from "../../../src/core/suite/meter.ts";
import { pricesWith } from "../../../src/core/trial/prices.ts";
import { aJudge, aModel, NO_JUDGE, says } from "../../build/models.ts";

const signal = new AbortController().signal;
const aRequest = (model: string) => ({ model, parameters: {}, system: [], turns: [], tools: [] });
const QUESTION = {
  conversation: [],
  answer: "",
  reference: undefined,
  items: [{ kind: "must", text: "be kind" }],
} as const;

test("agents and judges are counted together, and models without a price are named once", async () => {
  const meter = createMeter(pricesWith({}));
  const ask = meter.metered(aModel([says("Hi.")]));
  await ask(aRequest("claude-sonnet-5-5"), signal);
  await ask(aRequest("house-model"), signal);
  await ask(aRequest("house-model"), signal);
  await meter.meteredJudge(aJudge("yes"))(QUESTION);
  await meter.meteredJudge(NO_JUDGE)(QUESTION);
  expect(meter.spentUsd()).toBeCloseTo(0.003 + 0.00015, 8);
  expect(meter.unpricedModels()).toEqual(["house-model"]);
});
