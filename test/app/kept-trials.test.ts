import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { type KeptTrials, regradeTrials, reuseTrials } from "../../src/app/kept-trials.ts";
import type { DeclarativeAgent } from "../../src/core/agent/agent.ts";
import { assertionsOf } from "../../src/core/grading/assertions.ts";
import type { RunTrial, TrialSetting } from "../../src/core/trial/run-trial.ts";
import { aFixture } from "../build/fixtures.ts";
import { type makeMemoryTrials as Make, makeMemoryTrials } from "../build/memory-trials.ts";
import { aJudge, aModel, anAgent, anOutage, aTrialSetting, calls, NO_JUDGE } from "../build/models.ts";

const PROMISES = { expect: { output: { must_contain: ["Done"] } } };

let store: ReturnType<typeof Make>;
let now: Date;
beforeEach(() => {
  store = makeMemoryTrials();
  now = new Date("2026-04-18T09:00:00Z");
});

function kept(overrides: Partial<KeptTrials> = {}): KeptTrials {
  const digest = (text: string) => createHash("sha256").update(text).digest("hex");
  return { store, digest, now: () => now, scope: "1.0.0", judge: "judge 1", reuses: true, ...overrides };
}

function aCase(overrides: Partial<TrialSetting> = {}): TrialSetting {
  return aTrialSetting({ fixture: aFixture(PROMISES), ...overrides });
}

function withAgent(agent: Partial<DeclarativeAgent>): Partial<TrialSetting> {
  return { agents: new Map([["refund", anAgent(agent)]]) };
}

/** Tells whether a trial was taken from the store after the first of `aCase` was run. */
async function isReusedAfterwards(next: TrialSetting, number = 1, run: RunTrial = reuseTrials(kept())) {
  await reuseTrials(kept())(aCase(), 1);
  const trial = await run(next, number);
  return trial.status !== "errored" && trial.kept?.reused;
}

describe("a trial is taken from the store", () => {
  test("where nothing has changed, and the agent is not asked again", async () => {
    const silent = aModel([]);
    expect(await isReusedAfterwards(aCase({ askModel: silent }))).toBe(true);
    expect(silent.asked).toEqual([]);
  });

  test("where only what the fixture asserts or says of itself has changed, and is graded anew", async () => {
    await reuseTrials(kept())(aCase(), 1);
    const fixture = aFixture({ expect: { output: { must_not_contain: ["Done"] } }, reason: "Because." });
    const trial = await reuseTrials(kept())(aTrialSetting({ fixture }), 1);
    expect(trial).toMatchObject({ status: "failed", kept: { reused: true } });
  });
});

describe("a trial is run", () => {
  test.each([
    { where: "the prompt has changed", next: withAgent({ system: "You refund nothing." }) },
    { where: "the model has changed", next: withAgent({ model: "claude-haiku-4-5" }) },
    { where: "a parameter has changed", next: withAgent({ parameters: { temperature: 0 } }) },
    { where: "a tool has changed", next: withAgent({ tools: [] }) },
    {
      where: "a message has changed",
      next: { fixture: aFixture({ ...PROMISES, input: { messages: [{ role: "user", content: "Hi." }] } }) },
    },
    { where: "a recording has changed", next: { fixture: aFixture({ ...PROMISES, tools: {} }) } },
  ])("where $where", async ({ next }) => {
    expect(await isReusedAfterwards(aCase(next))).toBe(false);
  });

  test("where it is another one of the same side, so that repeats stay independent", async () => {
    expect(await isReusedAfterwards(aCase(), 2)).toBe(false);
  });

  test("where the program is another one", async () => {
    expect(await isReusedAfterwards(aCase(), 1, reuseTrials(kept({ scope: "1.0.1" })))).toBe(false);
  });

  test("where nobody wants the store, and is kept all the same", async () => {
    expect(await isReusedAfterwards(aCase(), 1, reuseTrials(kept({ reuses: false })))).toBe(false);
    expect(store.kept.size).toBe(1);
  });

  test("where the kept one is older than a day", async () => {
    await reuseTrials(kept())(aCase(), 1);
    now = new Date("2026-04-19T09:00:01Z");
    expect(await reuseTrials(kept())(aCase(), 1)).toMatchObject({ kept: { reused: false } });
  });

  test.each([{ expect: { budget: { latency_ms: 5 } } }, { expect: { not: { budget: { latency_ms: 5 } } } }])(
    "where a latency is asserted: %j",
    async (asserted) => {
      const fixture = aFixture(asserted);
      const next = aTrialSetting({ fixture, assertions: assertionsOf(fixture) });
      expect(await isReusedAfterwards(next)).toBe(false);
    },
  );
});

describe("what could not be decided stands for nothing", () => {
  test("a trial that failed on the way is not kept", async () => {
    const askModel = async () => Promise.reject(anOutage());
    expect(await reuseTrials(kept())(aCase({ askModel }), 1)).toMatchObject({ status: "errored" });
    expect(store.kept.size).toBe(0);
  });

  test("a trial without a recording is run again", async () => {
    const askModel = aModel([calls({ escalate: { to: "nobody" } })]);
    await reuseTrials(kept())(aCase({ askModel }), 1);
    expect(await reuseTrials(kept())(aCase(), 1)).toMatchObject({
      status: "passed",
      kept: { reused: false },
    });
  });
});

describe("what a judge said", () => {
  const judged = (overrides: Partial<TrialSetting>) =>
    aTrialSetting({ fixture: aFixture({ expect: { judge: { must: ["be kind"] } } }), ...overrides });

  test("is kept with the trial, so that nobody is asked again", async () => {
    await reuseTrials(kept())(judged({ askJudge: aJudge("no") }), 1);
    expect(await reuseTrials(kept())(judged({ askJudge: NO_JUDGE }), 1)).toMatchObject({ status: "failed" });
  });

  test("does not stand for another judge", async () => {
    await reuseTrials(kept())(judged({ askJudge: aJudge("no") }), 1);
    const trial = await reuseTrials(kept({ judge: "judge 2" }))(judged({ askJudge: aJudge("yes") }), 1);
    expect(trial).toMatchObject({ status: "passed", kept: { reused: true } });
  });

  test("is asked for again where there was none, and the agent with it", async () => {
    await reuseTrials(kept())(judged({ askJudge: NO_JUDGE }), 1);
    const trial = await reuseTrials(kept())(judged({ askJudge: aJudge("yes") }), 1);
    expect(trial).toMatchObject({ status: "passed", kept: { reused: false } });
  });
});

describe("grading again", () => {
  test("takes what the agent did, whatever the agent is now and however long ago it was", async () => {
    await reuseTrials(kept())(aCase(), 1);
    const [key] = store.kept.keys();
    now = new Date("2026-04-25T09:00:00Z");
    const run = regradeTrials(kept(), (_, number) => (number === 1 ? key : undefined));
    const next = aCase({ ...withAgent({ system: "Another." }), askModel: aModel([]) });
    expect(await run(next, 1)).toMatchObject({ status: "passed", kept: { key, reused: true } });
    expect(await run(next, 2)).toMatchObject({
      status: "errored",
      retryable: false,
      because: expect.stringContaining("no trajectory of trial 2 is kept"),
    });
  });
});
