import { expect, test } from "@jest/globals";
import type { Evidence } from "../../../src/core/grading/grader.ts";
import { decideExitCode } from "../../../src/core/report/exit-code.ts";
import { renderChecks } from "../../../src/core/report/render-checks.ts";
import { renderTerminal } from "../../../src/core/report/render-terminal.ts";
import { runComparison } from "../../../src/core/verdict/compare.ts";
import { conclude } from "../../../src/core/verdict/conclude.ts";
import { aFixtureFile } from "../../build/fixtures.ts";
import { aJudge, anAgent, aTrialSetting, NO_JUDGE } from "../../build/models.ts";
import { aGateReport, aHeldVerdict } from "../../build/reports.ts";
import { aConfig } from "../../build/snapshots.ts";

/** A judge that says no once, and then cannot be asked any more. */
function aJudgeThatLeaves(): Evidence["askJudge"] {
  let asked = 0;
  return async (question) => {
    asked += 1;
    return await (asked === 1 ? aJudge("no") : NO_JUDGE)(question);
  };
}

async function reportOf(expected: Parameters<typeof aFixtureFile>[0], agent = anAgent()) {
  const file = aFixtureFile({ id: "asks-kindly", trials: { pass_rate: 0.8 }, tools: {}, ...expected });
  const agents = new Map([["refund", agent]]);
  const verdict = await runComparison({
    ...aTrialSetting({ askJudge: aJudgeThatLeaves() }),
    selected: { file, origin: "unchanged", because: "the prompt changed" },
    candidateAgents: agents,
    baselineAgents: agents,
    held: true,
    trialsMax: 5,
  });
  const report = aGateReport([verdict, aHeldVerdict("other")]);
  return { ...report, conclusions: conclude(report.plan, report.verdicts, aConfig()) };
}

test("a blocking fixture that only a judge leaves open stops nothing by itself: the warning check asks for somebody", async () => {
  const report = await reportOf({ expect: { judge: { must: ["be kind"] } } });
  expect(report.conclusions).toEqual({ blocking: "success", warning: "action_required" });
  expect(decideExitCode(report)).toBe(0);
  const [blocking, warning] = renderChecks(report, "run-1");
  expect(blocking).toMatchObject({ title: "1 fixture holds" });
  expect(blocking?.summary).toContain("**Who has to act:** nobody.");
  expect(warning).toMatchObject({ title: "Could not evaluate 1 of 1 fixture" });
  expect(warning?.summary).toContain("**Who has to act:** anyone with write access.");
  expect(warning?.summary).toContain("Only a judge (a model) leaves this open");
  expect(renderTerminal(report)).toContain("Only a judge leaves this open");
});

test("a blocking fixture that something else leaves open as well blocks, and the blocking check says who has to act", async () => {
  const report = await reportOf(
    { expect: { judge: { must: ["be kind"] }, budget: { cost_usd: 1 } } },
    anAgent({ model: "house-model" }),
  );
  expect(report.conclusions.blocking).toBe("failure");
  expect(decideExitCode(report)).toBe(3);
  const [blocking] = renderChecks(report, "run-1");
  expect(blocking).toMatchObject({ title: "Could not evaluate 1 of 2 fixtures" });
  expect(blocking?.summary).toContain(
    "**Who has to act:** the owner of `evals/incidents/issue-1/asks-kindly.yml`.",
  );
});
