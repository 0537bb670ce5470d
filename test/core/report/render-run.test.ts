import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "@jest/globals";
import { decideExitCode } from "../../../src/core/report/exit-code.ts";
import { renderJson } from "../../../src/core/report/render-json.ts";
import { renderJunit } from "../../../src/core/report/render-junit.ts";
import { renderTerminal } from "../../../src/core/report/render-terminal.ts";
import type { RunReport } from "../../../src/core/report/run-report.ts";
import { expectGolden } from "../../build/golden.ts";
import {
  aFailedTrial,
  aFailure,
  aGateReport,
  aHeldVerdict,
  aMixedReport,
  anIncidentFile,
  aPassedSide,
  aSide,
  aSideWithOutage,
  aVerdict,
} from "../../build/reports.ts";

const BLOCKED = { blocking: "failure", warning: "success" } as const;

const twoSided: RunReport = aMixedReport();

const oneSided: RunReport = {
  ...aGateReport(
    [
      aVerdict({
        verdict: "regressed",
        because: "It fails, and there is no baseline to compare with.",
        baseline: undefined,
      }),
      aHeldVerdict("refund-small"),
    ],
    { conclusions: BLOCKED },
  ),
  head: { sha: undefined, branch: "shorter-prompt" },
  base: undefined,
};

describe("a run reads as agreed", () => {
  test.each([
    { name: "two-sided", run: twoSided },
    { name: "one-sided", run: oneSided },
    { name: "empty", run: aGateReport([], { trials: 0, costUsd: 0 }) },
  ])("$name", ({ name, run }) => {
    expectGolden(`report/run-${name}.txt`, renderTerminal(run));
    expectGolden(`report/run-${name}.xml`, renderJunit(run));
    expectGolden(`report/run-${name}.json`, `${JSON.stringify(renderJson(run), null, 2)}\n`);
  });

  test("with colours it says the same", () => {
    const coloured = renderTerminal(twoSided, { colours: true });
    expect(coloured).toContain("\u001b[31m");
    expect(stripVTControlCharacters(coloured)).toBe(renderTerminal(twoSided));
  });
});

describe("the exit code", () => {
  const undecided = aVerdict({ verdict: "undecided", candidate: aSideWithOutage(), baseline: undefined });
  test.each([
    { name: "what holds is 0", run: aGateReport([aHeldVerdict("a")]), code: 0 },
    { name: "a blocking failure is 1", run: aGateReport([aVerdict()], { conclusions: BLOCKED }), code: 1 },
    {
      name: "a failure counts more than an open question",
      run: aGateReport([aVerdict(), undecided], { conclusions: BLOCKED }),
      code: 1,
    },
    {
      name: "an open question alone is 3",
      run: aGateReport([undecided, aHeldVerdict("a")], { conclusions: BLOCKED }),
      code: 3,
    },
    {
      name: "a run in which nothing was decided is 3, whatever the levels",
      run: aGateReport([aVerdict({ ...undecided, file: anIncidentFile({ level: "warning" }) })]),
      code: 3,
    },
    {
      name: "an open warning beside what holds is 0",
      run: aGateReport([
        aVerdict({ ...undecided, file: anIncidentFile({ level: "warning" }) }),
        aHeldVerdict("a"),
      ]),
      code: 0,
    },
    {
      name: "a failing check without a failing fixture is never 0",
      run: aGateReport([aHeldVerdict("a")], { conclusions: BLOCKED }),
      code: 1,
    },
    {
      name: "a warning is 0",
      run: aGateReport([aVerdict({ file: anIncidentFile({ level: "warning" }) })]),
      code: 0,
    },
  ])("$name", ({ run, code }) => {
    expect(decideExitCode(run)).toBe(code);
  });
});

describe("hostile values", () => {
  const hostile = `\u001b[2J]]> "<evil attr='1'>&\u0000\ufffe\ud800 `.repeat(3_000);
  const run = aGateReport(
    [
      aVerdict({
        file: { ...anIncidentFile({ agent: '<a>&"', reason: hostile.slice(0, 9_000) }), path: hostile },
        because: hostile,
        candidate: aSide("failed", {
          because: hostile,
          trials: [aFailedTrial({ grades: [aFailure(hostile, hostile, hostile)] })],
        }),
      }),
    ],
    { conclusions: BLOCKED, unpricedModels: [hostile], head: { sha: "def5678", branch: hostile } },
    { leftOut: [{ file: anIncidentFile(), because: hostile }] },
  );

  test("send no control sequence to the terminal", () => {
    expect(renderTerminal(run)).not.toContain("\u001b");
    expect(renderTerminal(run).length).toBeLessThan(20_000);
  });

  test("leave JUnit well-formed", () => {
    const xml = renderJunit(run);
    expect(xml).not.toMatch(/<evil|\p{Cc}(?<![\n\t])|\ufffe/u);
    const tags = [...xml.matchAll(/<(\/?)([a-z]+)(?: [a-z]+="[^"<>]*")*(\/?)>/g)];
    expect(tags.map(([, close, name, empty]) => `${close}${name}${empty}`)).toEqual([
      "testsuites",
      "testsuite",
      "testcase",
      "failure",
      "/failure",
      "/testcase",
      "/testsuite",
      "/testsuites",
    ]);
  });

  test("shorten what JSON carries", () => {
    expect(JSON.stringify(renderJson(run)).length).toBeLessThan(200_000);
  });
});

test("JUnit counts failures, errors and what did not run apart", () => {
  expect(renderJunit(twoSided)).toContain('tests="7" failures="1" errors="3" skipped="2"');
});

test("a fixture that was mended passes in JUnit", () => {
  const run = aGateReport([
    aVerdict({ verdict: "fixed", candidate: aPassedSide(), baseline: aSide("failed") }),
  ]);
  expect(renderJunit(run)).toContain('failures="0" errors="0" skipped="0"');
});
