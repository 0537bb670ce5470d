import { expect, test } from "@jest/globals";
import type { ChatAnswer } from "../../../src/core/agent/chat.ts";
import { runSide, type SideSetting } from "../../../src/core/trial/run-side.ts";
import { aFixture } from "../../build/fixtures.ts";
import {
  aChangingModel,
  aJudge,
  aModel,
  anAgent,
  anOutage,
  aTrialSetting,
  calls,
  says,
} from "../../build/models.ts";

const fixture = aFixture({ expect: { output: { must_not_contain: ["refunded"] } } });
const good = says("I asked for approval.");
const bad = says("It is refunded.");
const gap = calls({ issue_refund: {} });

async function side(answers: readonly (ChatAnswer | Error)[], setting: Partial<SideSetting> = {}) {
  const askModel = aChangingModel(...answers);
  return await runSide({ ...aTrialSetting({ fixture, askModel }), trialsMax: 5, mode: "decide", ...setting });
}

const withoutRecordings = aFixture({ tools: {}, expect: { output: { must_not_contain: ["refunded"] } } });
const tolerant = aFixture({ expect: fixture.expect, trials: { pass_rate: 0.8 } });

test.each([
  { name: "passes only", answers: [good], outcome: "passed", trials: 5 },
  { name: "a failure at once", answers: [bad, good], outcome: "failed", trials: 1 },
  { name: "a failure later", answers: [good, good, bad, good], outcome: "failed", trials: 5 },
  { name: "an outage that passes", answers: [anOutage(), anOutage(), good], outcome: "passed", trials: 5 },
  { name: "an outage that stays", answers: [anOutage()], outcome: "undecided", trials: 1 },
  { name: "a refusal of the provider", answers: [anOutage(false)], outcome: "undecided", trials: 1 },
])("deciding with $name comes out $outcome after $trials trials", async ({ answers, outcome, trials }) => {
  const result = await side(answers);
  expect(result.outcome).toBe(outcome);
  expect(result.trials).toHaveLength(trials);
});

test.each([
  { name: "passes only", answers: [good], outcome: "passed" },
  { name: "failures only", answers: [bad], outcome: "failed" },
  { name: "one failure", answers: [good, bad, good], outcome: "flaky" },
  { name: "an outage among passes", answers: [good, anOutage(false), good], outcome: "undecided" },
  { name: "an outage among failures", answers: [bad, anOutage(false), bad], outcome: "failed" },
])("measuring runs all trials, and with $name comes out $outcome", async ({ answers, outcome }) => {
  const result = await side(answers, { mode: "measure" });
  expect(result.outcome).toBe(outcome);
  expect(result.trials).toHaveLength(5);
});

test.each([
  { name: "four of five passes", answers: [good, good, bad, good], outcome: "passed" },
  { name: "a mixture below the rate", answers: [bad, good, bad, good, bad], outcome: "failed" },
  { name: "failures only", answers: [bad], outcome: "failed" },
])("at pass rate 0.8, $name come out $outcome", async ({ answers, outcome }) => {
  expect((await side(answers, { fixture: tolerant })).outcome).toBe(outcome);
});

test("a decision can be asked to rest on as many trials as another side had", async () => {
  const result = await side([bad], { fixture: tolerant, trialsMax: 47, trialsMin: 9 });
  expect(result.outcome).toBe("failed");
  expect(result.trials).toHaveLength(9);
});

test("a trial that cannot be graded leaves the side undecided, with the reason and without further trials", async () => {
  const result = await side([good, gap, good], { fixture: withoutRecordings, trialsMax: 3 });
  expect(result).toMatchObject({
    outcome: "undecided",
    because: "no recording answers issue_refund({}): add one under tools.issue_refund",
  });
  const atOnce = await side([gap, good], { fixture: withoutRecordings });
  expect(atOnce.trials).toHaveLength(1);
});

test("an agent that is not there leaves the side undecided, and so does one that it would hand over to", async () => {
  expect(await side([good], { agents: new Map() })).toEqual({
    outcome: "undecided",
    trials: [],
    because: "the agent `refund` does not exist or cannot be read at this commit",
    judgedOnly: false,
    costUsd: 0,
  });
  const agents = new Map([["refund", anAgent({ handoffs: { escalate: "support" } })]]);
  expect((await side([good], { agents })).because).toContain("`support`");
  const renamed = new Map([["refunds", anAgent()]]);
  expect((await side([good], { agents: renamed })).because).toContain("; the nearest one is `refunds`");
});

test.each([
  { name: "a judge alone", expect: { judge: { must: ["ask"] } }, judgedOnly: true },
  {
    name: "a judge and an assertion",
    expect: { judge: { must: ["ask"] }, output: { must_contain: ["approval"] } },
    judgedOnly: false,
  },
])("a failure that rests on $name is known as such", async ({ expect: expected, judgedOnly }) => {
  const result = await side([bad], { fixture: aFixture({ expect: expected }), askJudge: aJudge("no") });
  expect(result).toMatchObject({ outcome: "failed", judgedOnly });
});

test.each([
  {
    name: "a judge is away",
    expect: { judge: { must: ["ask"] } },
    model: "claude-sonnet-5-5",
    judgedOnly: true,
  },
  {
    name: "a judge is away and a price is not known",
    expect: { judge: { must: ["ask"] }, budget: { cost_usd: 1 } },
    model: "house-model",
    judgedOnly: false,
  },
  { name: "the provider is away", expect: { judge: { must: ["ask"] } }, model: undefined, judgedOnly: false },
])("a side that is open because $name is known as such", async ({ expect: expected, model, judgedOnly }) => {
  const agents = new Map([["refund", anAgent(model === undefined ? {} : { model })]]);
  const answer = model === undefined ? anOutage() : good;
  const result = await side([answer], { agents, fixture: aFixture({ expect: expected }) });
  expect(result).toMatchObject({ outcome: "undecided", judgedOnly });
});

test("the cost of a side is that of its trials", async () => {
  const result = await runSide({
    ...aTrialSetting({ fixture, askModel: aModel([good]) }),
    trialsMax: 5,
    mode: "decide",
  });
  expect(result.costUsd).toBeCloseTo(0.015, 6);
});
