import type { GateRun } from "../../src/ports/records.ts";

const BEGUN = new Date("2026-11-21T10:01:00Z");

/** A run of the gate that has just begun. */
export function aGateRun(overrides: Partial<GateRun> = {}): GateRun {
  return {
    id: "r1",
    // Larger than a 32-bit number.
    installationId: 2_900_000_001,
    repo: "acme/refunds",
    pullRequest: 30,
    headSha: "head",
    baseSha: "base",
    judgedBy: "digest",
    approved: false,
    state: "running",
    jobId: undefined,
    checkRunIds: { "incident-to-eval / blocking": 41_000_000_000 },
    checks: undefined,
    outage: false,
    result: null,
    createdAt: BEGUN,
    updatedAt: BEGUN,
    ...overrides,
  };
}
