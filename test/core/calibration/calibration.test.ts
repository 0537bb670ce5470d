import { expect, test } from "@jest/globals";
import { type CalibrationCounts, whyNotBlocking } from "../../../src/core/calibration/calibration.ts";
import { calibrationStanding } from "../../../src/core/calibration/calibration-result.ts";
import { parseExamples, questionOfExample } from "../../../src/core/calibration/example.ts";
import { renderCalibration } from "../../../src/core/calibration/render-calibration.ts";
import { runCalibration } from "../../../src/core/calibration/run-calibration.ts";
import { expectGolden } from "../../build/golden.ts";
import { aJudge, NO_JUDGE } from "../../build/models.ts";

const { signal } = new AbortController();
type Row = readonly [pass: number, fail: number, unclear: number];

function counts([pass, fail, unclear]: Row, [missed, seen, open]: Row): CalibrationCounts {
  return { passes: { pass, fail, unclear }, fails: { pass: missed, fail: seen, unclear: open } };
}

test.each<{ name: string; passes: Row; fails: Row; why: RegExp | undefined }>([
  { name: "right on twenty of each", passes: [20, 0, 0], fails: [0, 20, 0], why: undefined },
  { name: "with one false alarm in twenty", passes: [19, 1, 0], fails: [0, 20, 0], why: undefined },
  { name: "right on nineteen passes", passes: [19, 0, 0], fails: [0, 20, 0], why: /19 of at least 20.*pass/ },
  { name: "with no failure to see", passes: [40, 0, 0], fails: [0, 0, 0], why: /0 of at least 20.*fail/ },
  { name: "missing three failures of twenty", passes: [20, 0, 0], fails: [3, 17, 0], why: /missed failures/ },
  { name: "with five false alarms in twenty", passes: [15, 5, 0], fails: [0, 20, 0], why: /false alarms/ },
  {
    name: "that passes everything",
    passes: [30, 0, 0],
    fails: [30, 0, 0],
    why: /missed failures may be .* 100 %/,
  },
  { name: "that is often silent", passes: [30, 0, 10], fails: [0, 40, 0], why: /13 % is left undecided/ },
  { name: "without any example", passes: [0, 0, 0], fails: [0, 0, 0], why: /0 of at least 20/ },
])("a judge $name: $why", ({ passes, fails, why }) => {
  const said = whyNotBlocking(counts(passes, fails)).join("; ");
  if (why === undefined) expect(said).toBe("");
  else expect(said).toMatch(why);
});

const RESULT = {
  judge: "v1",
  models: ["claude-haiku-5-5"],
  examples: "e1",
  at: "2026-11-21T09:00:00.000Z",
  ...counts([30, 1, 0], [0, 30, 0]),
};
const NOW = { judge: "v1", examples: "e1" };

test.each([
  { name: "the judge and the examples of today", text: JSON.stringify(RESULT), kind: "calibrated" },
  { name: "another judge", text: JSON.stringify({ ...RESULT, judge: "v0" }), kind: "none" },
  { name: "other examples", text: JSON.stringify({ ...RESULT, examples: "e0" }), kind: "none" },
  { name: "nobody", text: undefined, kind: "none" },
  { name: "a broken file", text: "{", kind: "none" },
  { name: "a file that says so itself", text: JSON.stringify({ ...RESULT, calibrated: true }), kind: "none" },
  {
    name: "negative counts",
    text: JSON.stringify({ ...RESULT, ...counts([-1, 0, 0], [0, 1, 0]) }),
    kind: "none",
  },
  {
    name: "too few",
    text: JSON.stringify({ ...RESULT, ...counts([3, 0, 0], [0, 3, 0]) }),
    kind: "not_enough",
  },
])("a result of $name makes it $kind", ({ text, kind }) => {
  expect(calibrationStanding(text, NOW).kind).toBe(kind);
});

const EXAMPLES = `examples:
  - id: waits
    conversation: [{ role: user, content: Refund this. }]
    answer: Your refund waits for approval.
    must: say that it waits
    label: pass
  - id: promises
    answer: It is done.
    must_not: promise the refund
    label: fail
    by: "@acme/support"
`;

test("a judge is asked without the label, and its answers are counted by it", async () => {
  const read = parseExamples(EXAMPLES);
  const examples = read.kind === "parsed" ? read.value : [];
  expect(JSON.stringify(examples.map(questionOfExample))).not.toMatch(/label|promises|acme|"pass"|"fail"/);
  expect(await runCalibration(examples, aJudge("yes"), signal)).toMatchObject({
    kind: "measured",
    counts: counts([1, 0, 0], [1, 0, 0]),
    disagreements: [{ id: "promises", label: "fail", verdict: "yes" }],
  });
  expect(await runCalibration(examples, NO_JUDGE, signal)).toMatchObject({ kind: "unavailable" });
});

test.each([
  ["both requirements", EXAMPLES.replace("label: pass", "must_not: lie\n    label: pass")],
  ["none", EXAMPLES.replace("    must: say that it waits\n", "")],
  ["another label", EXAMPLES.replace("label: pass", "label: good")],
])("an example with %s is refused with its place", (_name, text) => {
  const read = parseExamples(text);
  expect(read.kind === "unusable" ? read.problems.map(({ at }) => at).join() : "").toMatch(/examples\[0\]/);
});

test("what was measured is said with every interval", () => {
  const text = [
    renderCalibration(counts([28, 1, 1], [1, 29, 0]), "claude-haiku-5-5, version 0123456789ab"),
    renderCalibration(counts([9, 1, 0], [0, 0, 0]), "claude-haiku-5-5, version 0123456789ab"),
  ].join("\n---\n\n");
  expectGolden("calibration/report.txt", text);
});
