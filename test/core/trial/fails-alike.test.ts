import { expect, test } from "@jest/globals";
import { failsAlike } from "../../../src/core/trial/fails-alike.ts";
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
  ["nothing in one of the trials", aSide("flaky"), false],
  ["nothing, without a trial", aSide("not_run"), false],
])("a fixture that fails %s fails alike: %#", (_, side, alike) => {
  expect(failsAlike(side, failing("expect.stop_reason", "expect.trajectory.required"))).toBe(alike);
});

test("what only some of the trials failed is not asked of the smaller fixture", () => {
  const [all, some] = [aSide("failed"), failing("expect.stop_reason")];
  const before = aSide("failed", { trials: [...all.trials, ...some.trials] });
  expect(failsAlike(some, before)).toBe(true);
});
