import { test } from "@jest/globals";
import { explainVerdict } from "../../../src/core/verdict/explain-verdict.ts";
import { expectGolden } from "../../build/golden.ts";
import { aPassedSide, aSide, aSideWithOutage, aSideWithoutRecording } from "../../build/reports.ts";

const FLAKY = aSide("flaky");
const FAILED = aSide("failed");
const PASSED = aPassedSide();

test("every verdict is explained in one sentence", () => {
  const rows = [
    { verdict: "held", candidate: PASSED, baseline: undefined },
    { verdict: "held", candidate: PASSED, baseline: PASSED },
    { verdict: "held", candidate: PASSED, baseline: aSideWithOutage() },
    { verdict: "regressed", candidate: FAILED, baseline: PASSED },
    { verdict: "regressed", candidate: FAILED, baseline: aSideWithoutRecording() },
    { verdict: "regressed", candidate: FAILED, baseline: undefined },
    { verdict: "fixed", candidate: PASSED, baseline: FAILED },
    { verdict: "unresolved", candidate: FAILED, baseline: FAILED },
    { verdict: "still_broken", candidate: FAILED, baseline: FAILED },
    { verdict: "unstable", candidate: FLAKY, baseline: FLAKY },
    { verdict: "reproduces", candidate: FAILED, baseline: FAILED },
    { verdict: "undecided", candidate: aSideWithoutRecording(), baseline: undefined },
    { verdict: "accepted", candidate: FAILED, baseline: PASSED },
    {
      verdict: "not_run",
      candidate: aSide("not_run", { because: "the money is spent" }),
      baseline: undefined,
    },
  ] as const;
  const lines = rows.map((row) => `${row.verdict}: ${explainVerdict(row)}`);
  expectGolden("verdict/explanations.txt", `${lines.join("\n")}\n`);
});
