import { expect, test } from "@jest/globals";
import type { GateFindings } from "../../../src/core/report/decide-checks.ts";
import { readFindings, writeFindings } from "../../../src/core/report/keep-findings.ts";
import { aGuarded } from "../../build/guarded.ts";
import { aGateReport, anIncidentFile, aVerdict } from "../../build/reports.ts";
import { aConfig } from "../../build/snapshots.ts";

test("findings come back as they were: lines of files, days, and what looks like our own marks", () => {
  const looksLikeOurs = { $: "date", is: "2026-11-21", $map: [["a", "b"]], deeper: [{ $: "map", is: [1] }] };
  const earlier = { outcome: "passed", passed: 5, trials: 5, at: new Date("2026-11-21T10:00:00Z") } as const;
  const file = anIncidentFile({ tools: { read_order: { return: looksLikeOurs } } });
  const findings: GateFindings = {
    guarded: [aGuarded({}, { kind: "given", by: "kim", as: "@acme/support" })],
    outcome: {
      kind: "report",
      report: aGateReport([aVerdict({ file, earlier } as object)]),
      gate: aConfig().gate,
    },
  };
  expect(readFindings(writeFindings(findings))).toEqual(findings);
});
