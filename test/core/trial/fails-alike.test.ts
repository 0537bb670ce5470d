import { expect, test } from "@jest/globals";
import { failsLike } from "../../../src/core/trial/fails-alike.ts";
import type { Side } from "../../../src/core/trial/trial.ts";
import { aFailedTrial, aPassedSide, aSide, aSideWithoutRecording } from "../../build/reports.ts";

function gradesOf({ trials: [trial] }: Side) {
  return trial?.status === "failed" ? trial.grades : [];
}

function failing(...places: readonly string[]): Side {
  const grades = gradesOf(aSide("failed")).filter(({ at }) => places.includes(at));
  return aSide("failed", { trials: [aFailedTrial({ grades })] });
}

test.each([
  ["the same assertions", failing("expect.stop_reason", "expect.trajectory.required"), true],
  ["more assertions", aSide("failed"), true],
  ["fewer assertions, as when the agent only asks back", failing("expect.stop_reason"), false],
  ["nothing", aPassedSide(), false],
  ["nothing that could be decided", aSideWithoutRecording(), false],
])("a trial that fails %s fails alike: %#", (_, { trials }, alike) => {
  const isAlike = failsLike(failing("expect.stop_reason", "expect.trajectory.required"));
  expect(trials.length).toBeGreaterThan(0);
  for (const trial of trials) expect(isAlike(trial)).toBe(alike);
});

test("what only some of the failed trials failed is not asked for", () => {
  const [all, some] = [aSide("failed"), failing("expect.stop_reason")];
  const isAlike = failsLike(aSide("failed", { trials: [...all.trials, ...some.trials] }));
  expect(some.trials.every(isAlike)).toBe(true);
});

test("trials that passed say nothing of how the others failed", () => {
  const failed = failing("expect.stop_reason");
  const isAlike = failsLike(aSide("flaky", { trials: [...aPassedSide().trials, ...failed.trials] }));
  expect(failed.trials.every(isAlike)).toBe(true);
  expect(aPassedSide().trials.some(isAlike)).toBe(false);
});

test("no trial fails like a side without a failure", () => {
  expect(aSide("failed").trials.some(failsLike(aPassedSide()))).toBe(false);
});
