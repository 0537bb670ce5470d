import { expect, test } from "@jest/globals";
import { unrunSide } from "../../../src/core/trial/run-side.ts";
import { earlierSideOf, earlierWords, isBelieved } from "../../../src/core/verdict/earlier-side.ts";
import { aFailedTrial, aPassedSide, aSide } from "../../build/reports.ts";

const at = new Date("2026-11-21T09:00:00Z");

test("a side that was decided is remembered with its trials", () => {
  const { trials } = aPassedSide();
  const side = aSide("flaky", { trials: [...trials, aFailedTrial()] });
  expect(earlierSideOf(side, at)).toEqual({ outcome: "flaky", passed: trials.length, failed: 1, at });
});

test.each(["undecided", "not_run"] as const)("nothing rests on a side that is %s", (outcome) => {
  expect(earlierSideOf(unrunSide(outcome, "the provider is away"), at)).toBeUndefined();
});

test.each([
  { now: "2026-11-22T08:59:59.999Z", isYoung: true },
  { now: "2026-11-22T09:00:00.000Z", isYoung: false },
])("a result is believed for a day: at $now $isYoung", ({ now, isYoung }) => {
  expect(isBelieved({ at }, new Date(now))).toBe(isYoung);
});

test.each([
  { outcome: "passed", passed: 5, failed: 0, words: "passed 5 of 5 on 2026-11-21 at 09:00 UTC" },
  { outcome: "flaky", passed: 2, failed: 1, words: "failed 1 of 3 on 2026-11-21 at 09:00 UTC" },
] as const)("$outcome is said as $words", ({ words, ...side }) => {
  expect(earlierWords({ ...side, at })).toBe(words);
});
