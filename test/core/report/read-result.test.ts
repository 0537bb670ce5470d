import { describe, expect, test } from "@jest/globals";
import { decideExitCode } from "../../../src/core/report/exit-code.ts";
import { readResult } from "../../../src/core/report/read-result.ts";
import { renderJson } from "../../../src/core/report/render-json.ts";
import { renderJunit } from "../../../src/core/report/render-junit.ts";
import { renderTerminal } from "../../../src/core/report/render-terminal.ts";
import { resultSchema } from "../../../src/core/report/result-schema.ts";
import type { RunReport } from "../../../src/core/report/run-report.ts";
import { aMixedReport } from "../../build/reports.ts";

const REPORT: RunReport = {
  ...aMixedReport(),
  gate: { warning: "neutral", thresholds: { suite: 0.95 } },
  shard: { index: 2, count: 3, suite: "abc" },
};

function written(report: RunReport): string {
  return JSON.stringify(renderJson(report));
}

function readBack(report: RunReport): RunReport {
  const read = readResult(written(report));
  if (read.kind === "parsed") return read.value;
  throw new Error(JSON.stringify(read.problems));
}

describe("a result that is read again", () => {
  test("renders as the run itself did", () => {
    const again = readBack(REPORT);
    expect(renderTerminal(again)).toBe(renderTerminal(REPORT));
    expect(renderJunit(again)).toBe(renderJunit(REPORT));
    expect(renderJson(again)).toEqual(renderJson(REPORT));
    expect(decideExitCode(again)).toBe(decideExitCode(REPORT));
  });

  test("fits its own schema to the last member", () => {
    expect(resultSchema.strict().parse(JSON.parse(written(REPORT)))).toEqual(JSON.parse(written(REPORT)));
  });
});

describe("what is no result", () => {
  test.each([
    { what: "nothing", text: "" },
    { what: "broken JSON", text: written(REPORT).slice(0, 500) },
    { what: "another document", text: "[1, 2]" },
    { what: "another version", text: written(REPORT).replace('"schema":1', '"schema":2') },
    { what: "a verdict that nobody knows", text: written(REPORT).replace('"regressed"', '"fine"') },
    {
      what: "a fixture that asserts nothing of ours",
      text: written(REPORT).replaceAll('"expect":{', '"expect":{"x":1,'),
    },
  ])("is told: $what", ({ text }) => {
    const read = readResult(text);
    expect(read.kind === "unusable" && read.problems.length).toBeGreaterThan(0);
  });
});
