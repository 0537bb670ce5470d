import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { AskModel } from "../../../src/core/agent/chat.ts";
import { runSuite, type SuiteSetting } from "../../../src/core/suite/run-suite.ts";
import type { Selected } from "../../../src/core/suite/suite.ts";
import { aFixtureFile } from "../../build/fixtures.ts";
import { aJudge, anAgent, anOutage, aTrialSetting, calls, says } from "../../build/models.ts";

/** What the agent does in a case, by the first word of the message. */
const BEHAVIOUR: AskModel = async ({ turns }) => {
  const [first] = turns[0]?.parts ?? [];
  switch (first?.kind === "text" ? first.text.split(" ")[0] : "") {
    case "fails":
      return says("It is refunded.");
    case "lacks":
      return calls({ issue_refund: {} });
    case "breaks":
      throw anOutage();
    default:
      return says("I asked for approval.");
  }
};

function aCase(id: string, behaviour: string, level: "blocking" | "warning" = "blocking"): Selected {
  const file = aFixtureFile({
    id,
    level,
    input: { messages: [{ role: "user", content: `${behaviour} please` }] },
    tools: {},
    expect: { output: { must_not_contain: ["refunded"] } },
  });
  return { file, origin: "unchanged", because: "the prompt changed" };
}

async function suite(selected: readonly Selected[], more: Partial<SuiteSetting> = {}) {
  const agents = new Map([["refund", anAgent()]]);
  const { prices, askModel, askJudge, now, signal } = aTrialSetting({ askModel: BEHAVIOUR });
  return await runSuite({
    selected,
    candidateAgents: agents,
    baselineAgents: agents,
    held: new Set(),
    trialsMax: 2,
    concurrency: 3,
    maxCostUsd: 5,
    prices,
    askModel,
    askJudge,
    now,
    signal,
    isCurrent: async () => true,
    onProgress: async () => {},
    ...more,
  });
}

const MIXED = [
  aCase("a", "holds"),
  aCase("b", "fails", "warning"),
  aCase("c", "lacks"),
  aCase("d", "breaks"),
];

test("every selected fixture has its verdict, in the order of the plan", async () => {
  const run = await suite(MIXED);
  expect(run.verdicts.map(({ file, verdict }) => `${file.fixture.id} ${verdict}`)).toEqual([
    "a held",
    "b unresolved",
    "c undecided",
    "d undecided",
  ]);
  expect(run).toMatchObject({ stopped: undefined, outage: true, unpricedModels: [] });
  expect(run.trials).toBe(2 + 2 + 1 + 2 + 1 + 1);
});

test("the order of the fixtures and how many run at a time change no verdict", async () => {
  const said = async (selected: readonly Selected[], concurrency: number) => {
    const { verdicts } = await suite(selected, { concurrency });
    return verdicts.map(({ file, verdict }) => `${file.fixture.id} ${verdict}`).sort();
  };
  const expected = await said(MIXED, 1);
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(MIXED, { minLength: 4 }),
      fc.integer({ min: 1, max: 6 }),
      async (...drawn) => {
        expect(await said(...drawn)).toEqual(expected);
      },
    ),
    { numRuns: 30 },
  );
});

test("blocking fixtures run first, and spent money leaves the rest not run", async () => {
  const selected = [aCase("w1", "holds", "warning"), aCase("b1", "holds"), aCase("b2", "holds")];
  const run = await suite(selected, {
    maxCostUsd: 0.01,
    concurrency: 1,
    held: new Set(["b1", "b2", "w1"]),
    trialsMax: 3,
  });
  expect(run.verdicts.map(({ verdict }) => verdict)).toEqual(["not_run", "held", "not_run"]);
  expect(run.stopped).toBe("money");
  expect(run.verdicts[0]?.because).toBe(
    "Not run: the run may cost $0.01 (`gate.max_cost_usd`), and that is spent.",
  );
  expect(run.costUsd).toBeCloseTo(0.012, 6);
});

test("a newer head ends the run before the next request to the model", async () => {
  let asked = 0;
  const askModel: AskModel = async (request, signal) => {
    asked += 1;
    return await BEHAVIOUR(request, signal);
  };
  let clockMs = 0;
  const run = await suite([aCase("a", "holds"), aCase("b", "holds")], {
    concurrency: 1,
    trialsMax: 1,
    held: new Set(["a", "b"]),
    askModel,
    now: () => {
      clockMs += 400;
      return clockMs;
    },
    isCurrent: async () => asked === 0,
  });
  expect(run.stopped).toBe("superseded");
  expect(run.verdicts.map(({ verdict }) => verdict)).toEqual(["held", "not_run"]);
  expect(asked).toBe(1);
});

test("a run that is ended from outside leaves nothing passed", async () => {
  const run = await suite(MIXED, { signal: AbortSignal.abort(new Error("the worker is shutting down")) });
  expect(run.stopped).toBe("ended");
  expect(new Set(run.verdicts.map(({ verdict }) => verdict))).toEqual(new Set(["not_run"]));
});

test("a model without a known price is named, and its cost is not taken for nothing known", async () => {
  const agents = new Map([["refund", anAgent({ model: "house-model" })]]);
  const run = await suite([aCase("a", "holds")], { candidateAgents: agents, held: new Set(["a"]) });
  expect(run).toMatchObject({ unpricedModels: ["house-model"], costUsd: 0 });
});

test("a model that nobody has priced counts at the dearest price, so that the limit still holds", async () => {
  const agents = new Map([["refund", anAgent({ model: "house-model" })]]);
  const cases = ["a", "b", "c"].map((id) => aCase(id, "holds"));
  const held = new Set(["a", "b", "c"]);
  const run = await suite(cases, { candidateAgents: agents, held, maxCostUsd: 0.04, concurrency: 1 });
  expect(run.verdicts.map(({ verdict }) => verdict)).toEqual(["held", "not_run", "not_run"]);
  expect(run).toMatchObject({ stopped: "money", costUsd: 0, unpricedModels: ["house-model"] });
});

test("no judge is asked for a head that was overtaken", async () => {
  let asked = 0;
  let judged = 0;
  let clockMs = 0;
  const askModel: AskModel = async (request, signal) => {
    asked += 1;
    return await BEHAVIOUR(request, signal);
  };
  const askJudge: SuiteSetting["askJudge"] = async (question) => {
    judged += 1;
    return await aJudge("yes")(question);
  };
  const one = aCase("a", "holds");
  const file = aFixtureFile({ ...one.file.fixture, expect: { judge: { must: ["ask"] } } });
  const now = () => (clockMs += 5_000);
  const isCurrent = async () => asked === 0;
  const run = await suite([{ ...one, file }], { askModel, askJudge, now, isCurrent });
  expect(run).toMatchObject({ stopped: "superseded", verdicts: [{ verdict: "not_run" }] });
  expect({ asked, judged }).toEqual({ asked: 1, judged: 0 });
});

test("a fixture that asks for fewer trials gets fewer", async () => {
  const one = aCase("a", "holds");
  const few = { ...one, file: aFixtureFile({ ...one.file.fixture, trials: { max: 1 } }) };
  expect((await suite([few], { trialsMax: 5, held: new Set(["a"]) })).trials).toBe(1);
});

test("a bug in one fixture ends the run as a bug", async () => {
  const askModel: AskModel = async () => {
    throw new TypeError("undefined is not a function");
  };
  await expect(suite(MIXED, { askModel })).rejects.toThrow(TypeError);
});

test("progress is told, one report at a time", async () => {
  let reporting = 0;
  let clockMs = 0;
  const told: number[] = [];
  const onProgress = async (done: number) => {
    reporting += 1;
    expect(reporting).toBe(1);
    await Promise.resolve();
    told.push(done);
    reporting -= 1;
  };
  await suite(MIXED, { onProgress, now: () => (clockMs += 5_000) });
  expect(told.length).toBeGreaterThan(0);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
});

test("progress is told ever less often, with what was spent", async () => {
  let clockMs = 0;
  const told: { readonly atMs: number; readonly spentUsd: number }[] = [];
  const selected = Array.from({ length: 400 }, (_, index) => aCase(`case-${index}`, "holds"));
  await suite(selected, {
    concurrency: 1,
    onProgress: async (_done, _total, spentUsd) => void told.push({ atMs: clockMs, spentUsd }),
    now: () => (clockMs += 250),
  });
  const pauses = told.map(({ atMs }, index) => atMs - (told[index - 1]?.atMs ?? 0));
  expect(pauses[0]).toBeGreaterThanOrEqual(2_000);
  expect(pauses.length).toBeGreaterThan(3);
  expect(pauses.slice(0, 5)).toEqual(pauses.slice(0, 5).toSorted((a, b) => a - b));
  expect(told.at(-1)?.spentUsd).toBeGreaterThan(0);
});

test("nothing selected is nothing run", async () => {
  expect(await suite([])).toMatchObject({ verdicts: [], trials: 0, costUsd: 0, stopped: undefined });
});
