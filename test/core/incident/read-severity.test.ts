import { expect, test } from "@jest/globals";
import { readSeverity } from "../../../src/core/incident/read-severity.ts";

test.each([
  ["S1", "S1"],
  ["S1 - Critical: data loss", "S1"],
  ["SEV-1", "S1"],
  ["Sev 2 (degraded)", "S2"],
  ["SEV0", "S1"],
  ["SEV-1, outage, SEV-2", "S1"],
  ["severity 3", "S3"],
  ["P0", "S1"],
  ["P1", "S2"],
  ["P2", "S3"],
  ["P4", "S4"],
  ["P1 - Critical", "S1"],
  ["1 - Critical", "S1"],
  ["4 - Low", "S4"],
  ["2", "S2"],
  ["🔴 High", "S2"],
  ["major", "S2"],
  ["Medium (not high)", "S3"],
  ["minor", "S4"],
  ["kritisch", "S1"],
  ["élevée", "S2"],
  ["средняя", "S3"],
  ["高", "S2"],
  ["T2", undefined],
  ["sev-9", undefined],
  ["GPT-4", undefined],
  ["bad", undefined],
])("%s is %s", (text, severity) => {
  expect(readSeverity(text)).toBe(severity);
});
