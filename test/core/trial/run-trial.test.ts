import { expect, test } from "@jest/globals";
import type { AskJudge } from "../../../src/core/grading/grader.ts";
import { runTrial } from "../../../src/core/trial/run-trial.ts";
import { aFixture } from "../../build/fixtures.ts";
import {
  aChangingModel,
  aJudge,
  aModel,
  anOutage,
  aTrialSetting,
  calls,
  NO_JUDGE,
  says,
} from "../../build/models.ts";

const judged = aFixture({ expect: { judge: { must: ["is polite"], must_not: ["promises a refund"] } } });

test("an agent that does nothing forbidden passes, and its cost is known", async () => {
  const trial = await runTrial(aTrialSetting());
  expect(trial).toMatchObject({ status: "passed", costUsd: 0.003 });
});

test("one failed assertion fails the trial and says where and why", async () => {
  const askModel = aModel([calls({ issue_refund: {} }), says("Done.")]);
  expect(await runTrial(aTrialSetting({ askModel }))).toMatchObject({
    status: "failed",
    grades: [
      {
        use: "forbidden-span",
        at: "expect.trajectory.forbidden[0]",
        judged: false,
        grade: { kind: "fail", because: "tool:issue_refund occurred (side effect: money)", spanId: "1.1" },
      },
    ],
  });
});

test.each([
  {
    tools: { issue_refund: { when: { amount: 480 }, return: 1 } },
    because:
      'no recording answers issue_refund({"amount":1}); the nearest one is for {"amount":480}: amount is 1, where 480 is wanted',
  },
  {
    tools: {},
    because: 'no recording answers issue_refund({"amount":1}): add one under tools.issue_refund',
  },
])("a call without a recording leaves the trial ungraded: $because", async ({ tools, because }) => {
  const askModel = aModel([calls({ issue_refund: { amount: 1 } })]);
  const trial = await runTrial(aTrialSetting({ askModel, fixture: aFixture({ tools }) }));
  expect(trial).toMatchObject({ status: "ungraded", because });
});

test.each([
  { judge: aJudge("yes"), status: "passed" },
  { judge: aJudge("no"), status: "failed" },
  { judge: aJudge("unclear"), status: "ungraded" },
  { judge: NO_JUDGE, status: "ungraded" },
])("a judge's word makes the trial $status", async ({ judge, status }) => {
  expect((await runTrial(aTrialSetting({ fixture: judged, askJudge: judge }))).status).toBe(status);
});

test("the judge is asked once for all items of a trial, and its cost is part of the trial's", async () => {
  let asked = 0;
  const askJudge: AskJudge = async (question) => {
    asked += 1;
    return await aJudge("yes")(question);
  };
  const trial = await runTrial(aTrialSetting({ fixture: judged, askJudge }));
  expect(asked).toBe(1);
  expect(trial).toMatchObject({ costUsd: expect.closeTo(0.00315, 6) });
});

test.each([true, false])(
  "a failure of the provider is no failure of the agent (retryable: %s)",
  async (retryable) => {
    const askModel = aChangingModel(anOutage(retryable));
    expect(await runTrial(aTrialSetting({ askModel }))).toEqual({
      status: "errored",
      because: "the provider is overloaded",
      retryable,
    });
  },
);

test("a bug is not taken for a failure of the provider", async () => {
  const askModel = aChangingModel(new TypeError("undefined is not a function"));
  await expect(runTrial(aTrialSetting({ askModel }))).rejects.toThrow(TypeError);
});

test("a trial that is given up is errored with the reason", async () => {
  const signal = AbortSignal.abort(new Error("a newer head is there"));
  expect(await runTrial(aTrialSetting({ signal }))).toEqual({
    status: "errored",
    because: "a newer head is there",
    retryable: false,
  });
});

test("a judge that is still asked when the trial is given up is told so", async () => {
  const stopper = new AbortController();
  const askJudge: AskJudge = async (_question, signal) => {
    stopper.abort(new Error("a newer head is there"));
    signal.throwIfAborted();
    return { kind: "unavailable", because: "it went on" };
  };
  expect(await runTrial(aTrialSetting({ fixture: judged, askJudge, signal: stopper.signal }))).toEqual({
    status: "errored",
    because: "a newer head is there",
    retryable: false,
  });
});
