import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { GateRun, IncidentRecord } from "../../src/ports/records.ts";
import { type RecordStore, reachableRecordStores } from "../build/record-stores.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));

describe.each(await reachableRecordStores())("on $name", ({ open }) => {
  let store: RecordStore;

  beforeAll(async () => {
    store = await open();
  });

  afterAll(async () => {
    await store.remove();
  });

  describe("an incident", () => {
    const bare: IncidentRecord = {
      repo: "acme/refunds",
      issue: 12,
      bodyHash: "h1",
      state: "drafting",
      fixtures: [],
      pullRequest: undefined,
      branch: undefined,
      lastWrittenSha: undefined,
      commentId: undefined,
      updatedAt: at(1),
    };

    test("is remembered and replaced", async () => {
      const records = store.incidents;
      await records.saveIncident(bare);
      expect(await records.fetchIncident("acme/refunds", 12)).toEqual(bare);
      const later: IncidentRecord = {
        ...bare,
        state: "proposed",
        fixtures: [{ id: "a", text: "\u0000 é" }],
        pullRequest: 31,
        branch: "incident-to-eval/issue-12",
        lastWrittenSha: "abc",
        // Larger than a 32-bit number, as GitHub's are.
        commentId: 2_900_000_001,
        updatedAt: at(2),
      };
      await records.saveIncident(later);
      expect(await records.fetchIncident("acme/refunds", 12)).toEqual(later);
    });

    test("belongs to its repository and issue", async () => {
      const records = store.incidents;
      await records.saveIncident({ ...bare, repo: "acme/other", issue: 1, updatedAt: at(1) });
      await records.saveIncident({ ...bare, repo: "acme/other", issue: 2, updatedAt: at(2) });
      expect(await records.fetchIncident("acme/other", 12)).toBeUndefined();
      expect((await records.searchIncidents("acme/other", 5)).map(({ issue }) => issue)).toEqual([2, 1]);
      expect(await records.searchIncidents("acme/other", 1)).toHaveLength(1);
    });
  });

  test("gate runs are found by id, by commit, and while they run", async () => {
    const runs = store.gateRuns;
    const first: GateRun = {
      id: "r1",
      repo: "acme/refunds",
      pullRequest: 30,
      headSha: "head",
      baseSha: "base",
      state: "running",
      checkRunIds: { "incident-to-eval / blocking": 41_000_000_000 },
      result: null,
      createdAt: at(1),
      updatedAt: at(1),
    };
    const second: GateRun = { ...first, id: "r2", createdAt: at(2) };
    const elsewhere: GateRun = { ...first, id: "r3", repo: "acme/other", state: "cancelled" };
    for (const run of [second, first, elsewhere]) await runs.saveRun(run);
    expect(await runs.searchRunning()).toEqual([first, second]);
    const done: GateRun = { ...first, state: "completed", result: { verdict: "held" }, updatedAt: at(3) };
    await runs.saveRun(done);
    expect(await runs.fetchRun("r1")).toEqual(done);
    expect(await runs.fetchRun("r9")).toBeUndefined();
    expect(await runs.searchRunning()).toEqual([second]);
    expect(await runs.searchByHead("acme/refunds", "head")).toEqual([second, done]);
    expect(await runs.searchByHead("acme/refunds", "other")).toEqual([]);
  });

  test("a fixture holds from its first pass on", async () => {
    const held = store.heldFixtures;
    const first = { fixtureId: "refund-bypass", sha: "s1", at: at(1) };
    await held.saveHeld("acme/refunds", [first]);
    await held.saveHeld("acme/refunds", [
      { ...first, sha: "s2", at: at(2) },
      { fixtureId: "other", sha: "s2", at: at(2) },
    ]);
    await held.saveHeld("acme/refunds", []);
    expect(await held.searchHeld("acme/refunds")).toEqual([
      { fixtureId: "other", sha: "s2", at: at(2) },
      first,
    ]);
    expect(await held.searchHeld("acme/other")).toEqual([]);
  });

  test("generations count from one, for each pull request, without losing an event", async () => {
    const generations = store.generations;
    expect(await generations.fetchGeneration("acme/refunds", 30)).toBe(0);
    const bumps = Array.from({ length: 5 }, () => generations.bumpGeneration("acme/refunds", 30));
    expect([...(await Promise.all(bumps))].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(await generations.fetchGeneration("acme/refunds", 30)).toBe(5);
    expect(await generations.fetchGeneration("acme/refunds", 31)).toBe(0);
  });
});
