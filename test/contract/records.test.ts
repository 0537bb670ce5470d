import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { GateFindings } from "../../src/core/report/decide-checks.ts";
import type { GateRun, IncidentRecord } from "../../src/ports/records.ts";
import { aGateRun } from "../build/gate-runs.ts";
import { aGuarded } from "../build/guarded.ts";
import { aCheckRun } from "../build/proposals.ts";
import { type RecordStore, reachableRecordStores } from "../build/record-stores.ts";
import { aGateReport, aVerdict } from "../build/reports.ts";
import { aConfig } from "../build/snapshots.ts";

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
      lastWrittenSha: undefined,
      jobId: undefined,
      updatedAt: at(1),
    };

    test("is remembered and replaced", async () => {
      const records = store.incidents;
      await records.saveIncident(bare);
      expect(await records.fetchIncident("acme/refunds", 12)).toEqual(bare);
      const later: IncidentRecord = {
        ...bare,
        state: "proposed",
        lastWrittenSha: "abc",
        jobId: "job-1",
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
      expect(await records.fetchIncident("acme/other", 2)).toMatchObject({ issue: 2, updatedAt: at(2) });
    });
  });

  test("what checks were decided from comes back as it was, is replaced, and goes with its run", async () => {
    const { findings, gateRuns } = store;
    const run = aGateRun({ id: "weakened", repo: "acme/weakened", state: "completed", updatedAt: at(0) });
    await gateRuns.saveRun(run);
    expect(await findings.fetchFindings(run.id)).toBeUndefined();
    const obstacle: GateFindings = {
      outcome: { kind: "obstacle", obstacle: { kind: "no_model_key" } },
      guarded: [],
    };
    await findings.saveFindings(run.id, obstacle);
    expect(await findings.fetchFindings(run.id)).toEqual(obstacle);
    const { gate } = aConfig();
    const report = aGateReport([aVerdict({ because: "\u0000 é" })]);
    const whole: GateFindings = { outcome: { kind: "report", report, gate }, guarded: [aGuarded()] };
    await findings.saveFindings(run.id, whole);
    expect(await findings.fetchFindings(run.id)).toEqual(whole);
    await gateRuns.pruneOver(at(1));
    expect(await findings.fetchFindings(run.id)).toBeUndefined();
  });

  test("the page of a run comes back whole until it is too old, is replaced, and is removed by age", async () => {
    const pages = store.reportPages;
    const page = { id: "p-1", repo: "acme/refunds", html: "<p>😀 é</p>".repeat(1_000), madeAt: at(1) };
    await pages.savePage({ ...page, html: "older" });
    await pages.savePage(page);
    await pages.savePage({ ...page, id: "p-2", html: "later", madeAt: at(9) });
    expect(await pages.fetchPage("p-1", at(1))).toBe(page.html);
    expect(await pages.fetchPage("p-1", at(2))).toBeUndefined();
    expect(await pages.fetchPage("p-3", at(0))).toBeUndefined();
    expect(await pages.prunePages(at(5))).toBe(1);
    expect(await pages.fetchPage("p-1", at(0))).toBeUndefined();
    expect(await pages.fetchPage("p-2", at(0))).toBe("later");
  });

  test("gate runs are found by commit, by pull request, and while they run", async () => {
    const runs = store.gateRuns;
    const first = aGateRun();
    const second: GateRun = { ...first, id: "r2", createdAt: at(2) };
    const elsewhere: GateRun = {
      ...first,
      id: "r3",
      installationId: undefined,
      repo: "acme/other",
      state: "cancelled",
    };
    for (const run of [second, first, elsewhere]) await runs.saveRun(run);
    expect(await runs.searchRunning()).toEqual([first, second]);
    const done: GateRun = {
      ...first,
      state: "completed",
      jobId: "job-7",
      checks: [aCheckRun("head", { summary: "\u0000 é" })],
      outage: true,
      approved: true,
      result: { verdict: "held" },
      updatedAt: at(3),
    };
    await runs.saveRun(done);
    expect(await runs.searchRunning()).toEqual([second]);
    expect(await runs.searchByHead("acme/refunds", "head")).toEqual([second, done]);
    expect(await runs.searchByHead("acme/refunds", "other")).toEqual([]);
    expect(await runs.searchByPullRequest("acme/refunds", 30)).toEqual([second, done]);
    expect(await runs.searchByPullRequest("acme/other", 30)).toEqual([elsewhere]);
    expect(await runs.searchByPullRequest("acme/refunds", 31)).toEqual([]);
  });

  test("gate runs that were over long ago are pruned, and no others", async () => {
    const runs = store.gateRuns;
    const over = aGateRun({ id: "p1", repo: "acme/old", state: "completed", updatedAt: at(1) });
    const younger = aGateRun({ ...over, id: "p2", updatedAt: at(9) });
    const open = aGateRun({ ...over, id: "p3", state: "running" });
    for (const run of [over, younger, open]) await runs.saveRun(run);
    expect(await runs.pruneOver(at(5))).toBeGreaterThan(0);
    const left = await runs.searchByPullRequest("acme/old", over.pullRequest);
    expect(left.map(({ id }) => id).sort()).toEqual(["p2", "p3"]);
  });

  test("the last configuration of a repository is replaced", async () => {
    const { lastConfigs } = store;
    expect(await lastConfigs.fetchLastConfig("acme/refunds")).toBeUndefined();
    await lastConfigs.saveLastConfig("acme/refunds", "version: 1\n");
    await lastConfigs.saveLastConfig("acme/refunds", "version: 1\n# é\n");
    expect(await lastConfigs.fetchLastConfig("acme/refunds")).toBe("version: 1\n# é\n");
    expect(await lastConfigs.fetchLastConfig("acme/other")).toBeUndefined();
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
    const none = { count: 0, toldAt: undefined, editedBy: undefined };
    expect(await generations.fetchGeneration("acme/refunds", 30)).toEqual(none);
    const bumps = Array.from({ length: 5 }, () => generations.bumpGeneration("acme/refunds", 30));
    expect([...(await Promise.all(bumps))].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(await generations.fetchGeneration("acme/refunds", 30)).toEqual({ ...none, count: 5 });
    expect(await generations.fetchGeneration("acme/refunds", 31)).toEqual(none);
  });

  test("of what events tell the newest time counts, and who changed the text last", async () => {
    const generations = store.generations;
    await generations.bumpGeneration("acme/told", 12, { toldAt: at(5), editedBy: "mara" });
    await generations.bumpGeneration("acme/told", 12, { toldAt: at(3) });
    await generations.bumpGeneration("acme/told", 12);
    const told = await generations.fetchGeneration("acme/told", 12);
    expect(told).toEqual({ count: 3, toldAt: at(5), editedBy: "mara" });
    await generations.bumpGeneration("acme/told", 12, { toldAt: at(6), editedBy: "lee" });
    expect(await generations.fetchGeneration("acme/told", 12)).toMatchObject({
      toldAt: at(6),
      editedBy: "lee",
    });
  });

  test("what nothing happened to for long is no longer counted", async () => {
    const generations = store.generations;
    await generations.bumpGeneration("acme/quiet", 1);
    expect(await generations.pruneUntouched(new Date(0))).toBe(0);
    expect((await generations.fetchGeneration("acme/quiet", 1)).count).toBe(1);
    expect(await generations.pruneUntouched(new Date(Date.now() + 60_000))).toBeGreaterThan(0);
    expect((await generations.fetchGeneration("acme/quiet", 1)).count).toBe(0);
  });

  describe("a creation", () => {
    test("is asked for, then known, and asked for anew where it is gone", async () => {
      const { creations } = store;
      const key = "acme/refunds comment 12 incident";
      expect(await creations.fetchCreation(key)).toBeUndefined();
      expect(await creations.noteAsked(key, undefined)).toBe(1);
      const asked = await creations.fetchCreation(key);
      expect(asked).toEqual({
        created: undefined,
        asking: 1,
        ageMs: expect.any(Number),
        said: undefined,
      });
      expect(asked?.ageMs).toBeGreaterThanOrEqual(0);
      await creations.noteCreated(key, "4711");
      const known = await creations.fetchCreation(key);
      expect(known).toMatchObject({ created: "4711", asking: 1 });
      expect(await creations.noteAsked(key, known)).toBe(2);
      expect(await creations.fetchCreation(key)).toMatchObject({ created: undefined, asking: 2 });
      expect(await creations.fetchCreation("acme/refunds comment 13 incident")).toBeUndefined();
    });

    test("is known with what it was made to say, until it is created anew", async () => {
      const { creations } = store;
      const key = "acme/refunds comment 15 incident";
      await creations.noteSaid(key, "never noted");
      expect(await creations.fetchCreation(key)).toBeUndefined();
      await creations.noteCreated(key, "4712");
      await creations.noteSaid(key, "digest");
      await creations.noteCreated(key, "4712");
      const known = await creations.fetchCreation(key);
      expect(known).toMatchObject({ created: "4712", said: "digest" });
      await creations.noteAsked(key, known);
      expect(await creations.fetchCreation(key)).toMatchObject({ said: undefined });
    });

    test("can be noted without having been asked for, as what was found on GitHub", async () => {
      await store.creations.noteCreated("acme/refunds check found", "9");
      expect(await store.creations.fetchCreation("acme/refunds check found")).toMatchObject({ created: "9" });
    });

    test("is asked for by one of several attempts at the same moment", async () => {
      const { creations } = store;
      const key = "acme/refunds branch raced";
      const first = await Promise.all([1, 2, 3].map(() => creations.noteAsked(key, undefined)));
      expect(first.filter((asking) => asking !== undefined)).toEqual([1]);
      const seen = await creations.fetchCreation(key);
      const second = await Promise.all([1, 2, 3].map(() => creations.noteAsked(key, seen)));
      expect(second.filter((asking) => asking !== undefined)).toEqual([2]);
    });

    test("that became known meanwhile is not asked for", async () => {
      const { creations } = store;
      const key = "acme/refunds check meanwhile";
      await creations.noteAsked(key, undefined);
      const seen = await creations.fetchCreation(key);
      await creations.noteCreated(key, "7");
      expect(await creations.noteAsked(key, seen)).toBeUndefined();
      expect(await creations.fetchCreation(key)).toMatchObject({ created: "7" });
    });

    test("that was refused is forgotten, but not one that was asked for again or is known", async () => {
      const { creations } = store;
      const key = "acme/refunds comment refused";
      await creations.noteAsked(key, undefined);
      await creations.noteAsked(key, await creations.fetchCreation(key));
      await creations.forgetAsked(key, 1);
      expect(await creations.fetchCreation(key)).toMatchObject({ asking: 2 });
      await creations.forgetAsked(key, 2);
      expect(await creations.fetchCreation(key)).toBeUndefined();
      await creations.noteCreated(key, "8");
      await creations.forgetAsked(key, 1);
      expect(await creations.fetchCreation(key)).toMatchObject({ created: "8" });
    });

    test("of long ago is pruned, and no other", async () => {
      const { creations } = store;
      const key = "acme/refunds comment old";
      await creations.noteCreated(key, "1");
      await creations.pruneCreations(new Date(Date.now() - 3_600_000));
      expect(await creations.fetchCreation(key)).toMatchObject({ created: "1" });
      expect(await creations.pruneCreations(new Date(Date.now() + 3_600_000))).toBeGreaterThan(0);
      expect(await creations.fetchCreation(key)).toBeUndefined();
    });
  });
});
