import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { decideVerdict } from "../../../src/core/verdict/decide-verdict.ts";
import type { Origin } from "../../../src/core/verdict/verdict.ts";

describe("the table of verdicts", () => {
  test.each([
    { baseline: "passed", candidate: "passed", held: true, verdict: "held" },
    { baseline: undefined, candidate: "passed", held: true, verdict: "held" },
    { baseline: "passed", candidate: "failed", held: true, verdict: "regressed" },
    { baseline: "passed", candidate: "failed", held: false, verdict: "regressed" },
    { baseline: "passed", candidate: "flaky", held: true, verdict: "regressed" },
    { baseline: "failed", candidate: "passed", held: false, verdict: "fixed" },
    { baseline: "flaky", candidate: "passed", held: false, verdict: "fixed" },
    { baseline: "failed", candidate: "failed", held: false, verdict: "unresolved" },
    { baseline: "failed", candidate: "failed", held: true, verdict: "still_broken" },
    { baseline: "failed", candidate: "flaky", held: false, verdict: "unresolved" },
    { baseline: "failed", candidate: "flaky", held: true, verdict: "still_broken" },
    { baseline: "undecided", candidate: "passed", held: false, verdict: "held" },
    { baseline: "undecided", candidate: "failed", held: true, verdict: "regressed" },
    { baseline: undefined, candidate: "failed", held: false, verdict: "regressed" },
    { baseline: "flaky", candidate: "flaky", held: true, verdict: "unstable" },
    { baseline: "flaky", candidate: "failed", held: true, verdict: "unstable" },
    { baseline: "flaky", candidate: "failed", held: false, verdict: "unstable" },
    { baseline: "passed", candidate: "undecided", held: true, verdict: "undecided" },
    { baseline: undefined, candidate: "undecided", held: false, verdict: "undecided" },
    { baseline: undefined, candidate: "not_run", held: true, verdict: "not_run" },
  ] as const)(
    "baseline $baseline, candidate $candidate, held before: $held gives $verdict",
    ({ verdict, ...sides }) => {
      for (const origin of ["unchanged", "base_version", "removed"] as const) {
        expect(decideVerdict({ ...sides, origin })).toBe(verdict);
      }
    },
  );

  test.each([
    { baseline: "failed", candidate: "failed", verdict: "reproduces" },
    { baseline: "flaky", candidate: "failed", verdict: "reproduces" },
    { baseline: "failed", candidate: "passed", verdict: "fixed" },
    { baseline: "passed", candidate: "passed", verdict: "held" },
    { baseline: "passed", candidate: "failed", verdict: "regressed" },
    { baseline: "flaky", candidate: "flaky", verdict: "unstable" },
    { baseline: "undecided", candidate: "failed", verdict: "regressed" },
    { baseline: undefined, candidate: "undecided", verdict: "undecided" },
  ] as const)(
    "a fixture that the pull request brings: baseline $baseline, candidate $candidate gives $verdict",
    ({ verdict, ...sides }) => {
      for (const origin of ["added", "changed"] as const) {
        expect(decideVerdict({ ...sides, held: false, origin })).toBe(verdict);
      }
    },
  );
});

const outcome = fc.constantFrom("passed", "failed", "flaky", "undecided", "not_run");
const origin = fc.constantFrom<Origin>("unchanged", "added", "changed", "base_version", "removed");

test("no passing verdict comes out of anything but a candidate that passed", () => {
  fc.assert(
    fc.property(outcome, fc.option(outcome, { nil: undefined }), fc.boolean(), origin, (...drawn) => {
      const [candidate, baseline, held, from] = drawn;
      const verdict = decideVerdict({ candidate, baseline, held, origin: from });
      expect(verdict === "held" || verdict === "fixed").toBe(candidate === "passed");
    }),
  );
});
