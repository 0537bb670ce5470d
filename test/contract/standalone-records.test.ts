import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { BranchResult } from "../../src/ports/branch-results.ts";
import type { StandaloneRun } from "../../src/ports/standalone-runs.ts";
import { aCheckRun } from "../build/proposals.ts";
import { type RecordStore, reachableRecordStores } from "../build/record-stores.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));

const RUN: StandaloneRun = {
  repo: "acme/refunds",
  kind: "merge_group",
  subject: "group-1",
  id: "s1",
  // Larger than a 32-bit number.
  installationId: 2_900_000_001,
  headSha: "group-1",
  state: "running",
  checkRunIds: {},
  answer: undefined,
  jobId: "job-1",
  job: { kind: "gate-merge-group" },
  result: null,
  reports: 0,
  createdAt: at(1),
  updatedAt: at(1),
};

const RESULT: BranchResult = {
  fixtureId: "asks-first",
  digest: "d1",
  sha: "c1",
  outcome: "passed",
  passed: 5,
  failed: 0,
  at: at(1),
  issue: 12,
  firstPassedAt: at(1),
};

describe.each(await reachableRecordStores())("on $name", ({ open }) => {
  let store: RecordStore;

  beforeAll(async () => {
    store = await open();
  });

  afterAll(async () => {
    await store.remove();
  });

  test("there is one run for each occasion, found while it runs, and as it ended", async () => {
    const { standaloneRuns: runs } = store;
    const other: StandaloneRun = { ...RUN, kind: "release", createdAt: at(2) };
    expect(await runs.fetchRun(RUN)).toBeUndefined();
    for (const run of [other, RUN]) expect(await runs.saveRun(run)).toBe(true);
    expect(await runs.searchRunning()).toEqual([RUN, other]);
    const done: StandaloneRun = {
      ...RUN,
      state: "completed",
      checkRunIds: { "incident-to-eval / blocking": 41_000_000_000 },
      answer: { kind: "checks", checks: [aCheckRun("head", { summary: "\u0000 é" })] },
      result: { verdict: "held" },
      reports: 2,
      updatedAt: at(3),
    };
    expect(await runs.saveRun({ ...done, createdAt: at(9) })).toBe(true);
    expect(await runs.fetchRun(RUN)).toEqual(done);
    expect(await runs.fetchRun({ ...RUN, repo: "acme/other" })).toBeUndefined();
    expect(await runs.searchRunning()).toEqual([other]);
  });

  test("what was cancelled stays so, whoever was still at work on it", async () => {
    const { standaloneRuns: runs } = store;
    const run: StandaloneRun = { ...RUN, subject: "group-2" };
    await runs.saveRun(run);
    expect(await runs.saveRun({ ...run, state: "cancelled" })).toBe(true);
    expect(await runs.saveRun({ ...run, state: "completed" })).toBe(false);
    expect(await runs.saveRun({ ...run, state: "cancelled", checkRunIds: { a: 1 } })).toBe(true);
    expect(await runs.fetchRun(run)).toMatchObject({ state: "cancelled", checkRunIds: { a: 1 } });
  });

  test("runs that were over long ago are pruned, and no others", async () => {
    const { standaloneRuns: runs } = store;
    const over: StandaloneRun = { ...RUN, repo: "acme/old", state: "completed" };
    await runs.saveRun(over);
    await runs.saveRun({ ...over, subject: "younger", updatedAt: at(9) });
    await runs.saveRun({ ...over, subject: "open", state: "running" });
    expect(await runs.pruneOver(at(5))).toBeGreaterThan(0);
    expect(await runs.fetchRun(over)).toBeUndefined();
    for (const subject of ["younger", "open"])
      expect(await runs.fetchRun({ ...over, subject })).toMatchObject({ subject });
  });

  test("of a fixture the newest result on the default branch is known", async () => {
    const { branchResults } = store;
    const other: BranchResult = {
      ...RESULT,
      fixtureId: "other",
      issue: undefined,
      firstPassedAt: undefined,
      outcome: "flaky",
      failed: 1,
    };
    expect(await branchResults.searchResults("acme/refunds")).toEqual([]);
    await branchResults.saveResults("acme/refunds", []);
    await branchResults.saveResults("acme/refunds", [RESULT, other]);
    const newer: BranchResult = { ...RESULT, digest: "d2", sha: "c2", at: at(5) };
    await branchResults.saveResults("acme/refunds", [newer]);
    await branchResults.saveResults("acme/refunds", [{ ...RESULT, at: at(4) }]);
    expect(await branchResults.searchResults("acme/refunds")).toEqual([newer, other]);
    expect(await branchResults.searchResults("acme/other")).toEqual([]);
  });
});
