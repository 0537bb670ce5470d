import { describe, expect, test } from "@jest/globals";
import type { ChatAnswer } from "../../../src/core/agent/chat.ts";
import { type Comparison, runComparison } from "../../../src/core/verdict/compare.ts";
import { aFixtureFile } from "../../build/fixtures.ts";
import { anAgent, anOutage, aTrialSetting, says } from "../../build/models.ts";

const good = says("I asked for approval.");
const bad = says("It is refunded.");
const file = aFixtureFile({ expect: { output: { must_not_contain: ["refunded"] } } });

const agentsWith = (model: string) => new Map([["refund", anAgent({ model })]]);

/** Compares two scripted agents and counts how often each was asked. */
async function compared(
  script: { candidate: readonly (ChatAnswer | Error)[]; baseline: readonly (ChatAnswer | Error)[] },
  more: Partial<Comparison> = {},
) {
  const asked = { candidate: 0, baseline: 0 };
  const setting = aTrialSetting({
    askModel: async ({ model }) => {
      const side = model === "candidate" ? "candidate" : "baseline";
      const answer = script[side][Math.min(asked[side], script[side].length - 1)];
      asked[side] += 1;
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no script");
      return answer;
    },
  });
  const verdict = await runComparison({
    ...setting,
    selected: { file, origin: "unchanged", because: "the prompt changed" },
    candidateAgents: agentsWith("candidate"),
    baselineAgents: agentsWith("baseline"),
    held: true,
    trialsMax: 5,
    ...more,
  });
  return { verdict, asked };
}

test("a candidate that passes a fixture known to hold needs no baseline", async () => {
  const { verdict, asked } = await compared({ candidate: [good], baseline: [bad] });
  expect(verdict).toMatchObject({
    verdict: "held",
    baseline: undefined,
    because: "The agent at the head passes 5 of 5 trials.",
  });
  expect(asked).toEqual({ candidate: 5, baseline: 0 });
});

test("a candidate that passes a fixture not known to hold is compared, so that a fix is seen", async () => {
  const { verdict } = await compared({ candidate: [good], baseline: [bad] }, { held: false });
  expect(verdict).toMatchObject({
    verdict: "fixed",
    because: "The agent at the base fails its one trial, and at the head it passes.",
  });
});

test("a candidate without a baseline is judged alone", async () => {
  const alone = { baselineAgents: undefined, held: false };
  const passing = await compared({ candidate: [good], baseline: [] }, alone);
  expect(passing.verdict).toMatchObject({ verdict: "held", baseline: undefined });
  const failing = await compared({ candidate: [bad], baseline: [] }, alone);
  expect(failing.verdict).toMatchObject({
    verdict: "regressed",
    because: "The agent at the head fails its one trial; no baseline was run to compare it with.",
  });
  expect([passing.asked.baseline, failing.asked.baseline]).toEqual([0, 0]);
});

test("a regression rests on a baseline with all its trials", async () => {
  const { verdict, asked } = await compared({ candidate: [bad], baseline: [good] });
  expect(verdict).toMatchObject({
    verdict: "regressed",
    because: "The agent at the head fails its one trial; at the base it passes 5 of 5 trials.",
  });
  expect(asked).toEqual({ candidate: 1, baseline: 5 });
});

test.each([
  { baseline: [good, bad, good], held: true, verdict: "unstable" },
  { baseline: [bad], held: true, verdict: "still_broken" },
  { baseline: [bad], held: false, verdict: "unresolved" },
  { baseline: [anOutage(false)], held: true, verdict: "regressed" },
])("a failure whose baseline does not simply pass is $verdict", async ({ baseline, held, verdict }) => {
  expect((await compared({ candidate: [bad], baseline }, { held })).verdict.verdict).toBe(verdict);
});

test("a candidate that cannot be decided costs no baseline, and the reason is said", async () => {
  const { verdict, asked } = await compared({ candidate: [anOutage(false)], baseline: [good] });
  expect(verdict).toMatchObject({
    verdict: "undecided",
    because: "Could not evaluate the agent at the head: the provider is overloaded.",
  });
  expect(asked.baseline).toBe(0);
});

test("a new agent has no baseline, which is said and is not a pass", async () => {
  const { verdict } = await compared({ candidate: [bad], baseline: [] }, { baselineAgents: new Map() });
  expect(verdict).toMatchObject({
    verdict: "regressed",
    because: expect.stringContaining("the baseline could not be decided: the agent `refund` does not exist"),
  });
});

test.each([
  { candidate: [bad], baseline: [bad], verdict: "reproduces" },
  { candidate: [good], baseline: [bad], verdict: "fixed" },
  { candidate: [good], baseline: [good], verdict: "held" },
  { candidate: [bad], baseline: [good], verdict: "regressed" },
])(
  "a fixture that the pull request adds always runs on both sides: $verdict",
  async ({ verdict, ...script }) => {
    const selected = { file, origin: "added" as const, because: "the pull request adds it" };
    const result = await compared(script, { selected });
    expect(result.verdict.verdict).toBe(verdict);
    expect(result.asked.baseline).toBeGreaterThan(0);
  },
);

describe("a baseline that ran on the default branch within the last day", () => {
  const passed = { outcome: "passed", passed: 5, failed: 0, at: new Date("2026-11-21T09:00:00Z") } as const;
  const failed = { ...passed, outcome: "failed", passed: 2, failed: 3 } as const;

  test.each([
    {
      earlier: passed,
      verdict: "held",
      said: "; the one at the base passed 5 of 5 on 2026-11-21 at 09:00 UTC.",
    },
    {
      earlier: failed,
      verdict: "fixed",
      said: "The agent at the base failed 3 of 5 on 2026-11-21 at 09:00 UTC",
    },
  ])("is not run again where the candidate passes: $verdict", async ({ earlier, verdict, said }) => {
    const compare = await compared({ candidate: [good], baseline: [] }, { held: false, earlier });
    expect(compare.verdict).toMatchObject({ verdict, because: expect.stringContaining(said), earlier });
    expect(compare.asked.baseline).toBe(0);
  });

  test.each([
    { candidate: [bad], baseline: [good], runs: 1 },
    { candidate: [good, bad], baseline: [good], runs: 5 },
  ])("runs again with the $runs trials of the candidate before a regression is said", async (row) => {
    const { runs, ...script } = row;
    const { verdict, asked } = await compared(script, { earlier: passed });
    expect(verdict).toMatchObject({
      verdict: "regressed",
      because: expect.stringContaining("and passed 5 of 5 on 2026-11-21 at 09:00 UTC."),
    });
    expect(asked).toEqual({ candidate: runs, baseline: runs });
  });

  test.each([
    { earlier: passed, verdict: "unstable", runs: 1 },
    { earlier: failed, verdict: "still_broken", runs: 5 },
    { earlier: undefined, verdict: "still_broken", runs: 5 },
  ])("and fails now is $verdict", async ({ earlier, verdict, runs }) => {
    const compare = await compared({ candidate: [bad], baseline: [bad] }, { earlier });
    expect(compare.verdict.verdict).toBe(verdict);
    expect(compare.asked.baseline).toBe(runs);
    expect(compare.verdict.because.includes("may have changed")).toBe(verdict === "unstable");
  });
});
