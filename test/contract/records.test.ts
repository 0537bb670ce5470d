import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { postgresBlobs } from "../../src/adapters/postgres/blobs.ts";
import { PostgresDeliveryStore } from "../../src/adapters/postgres/delivery-store.ts";
import { postgresGateRuns } from "../../src/adapters/postgres/gate-runs.ts";
import { postgresGenerations } from "../../src/adapters/postgres/generations.ts";
import { postgresHeldFixtures } from "../../src/adapters/postgres/held-fixtures.ts";
import { postgresIncidentRecords } from "../../src/adapters/postgres/incident-records.ts";
import type { GateRun, IncidentRecord } from "../../src/ports/records.ts";
import { reachableEngines, type TestDatabase } from "../build/databases.ts";
import { aDelivery } from "../build/delivery.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));

describe.each(await reachableEngines())("on $name", (engine) => {
  let store: TestDatabase;
  let queued: string[];
  let queueing: (ids: readonly string[]) => Promise<void>;

  beforeAll(async () => {
    store = await engine.open();
  });

  afterAll(async () => {
    await store.remove();
  });

  beforeEach(() => {
    queued = [];
    queueing = async () => undefined;
  });

  const kysely = () => store.database.kysely;
  const deliveries = () =>
    new PostgresDeliveryStore(kysely(), async (_transaction, ids) => {
      await queueing(ids);
      queued.push(...ids);
    });

  describe("a delivery", () => {
    test("is stored once, with its job, and comes back as it was", async () => {
      const delivery = aDelivery({ id: "once", payload: '{"text":"\\u0000 \u{1F600} \\" \'"}' });
      expect(await deliveries().saveDelivery(delivery)).toBe("stored");
      expect(await deliveries().saveDelivery(delivery)).toBe("already_waiting");
      expect(queued).toEqual(["once"]);
      expect(await deliveries().fetchDelivery("once")).toEqual({
        ...delivery,
        state: "waiting",
        problem: undefined,
      });
    });

    test("that is processed is not processed again", async () => {
      await deliveries().saveDelivery(aDelivery({ id: "done" }));
      await deliveries().markProcessed("done", at(1));
      expect(await deliveries().saveDelivery(aDelivery({ id: "done" }))).toBe("already_processed");
      expect(queued).toEqual(["done"]);
    });

    test("that failed gets another chance when GitHub delivers it again", async () => {
      await deliveries().saveDelivery(aDelivery({ id: "bad" }));
      await deliveries().markFailed("bad", "a bug", at(1));
      expect(await deliveries().fetchDelivery("bad")).toMatchObject({ state: "failed", problem: "a bug" });
      expect(await deliveries().saveDelivery(aDelivery({ id: "bad" }))).toBe("stored");
      expect(queued).toEqual(["bad", "bad"]);
      expect(await deliveries().fetchDelivery("bad")).toMatchObject({ state: "waiting", problem: undefined });
    });

    test("whose job cannot be queued is not stored either", async () => {
      queueing = () => Promise.reject(new Error("the queue is full"));
      await expect(deliveries().saveDelivery(aDelivery({ id: "lost" }))).rejects.toThrow("the queue is full");
      expect(await deliveries().fetchDelivery("lost")).toBeUndefined();
    });

    test("that comes several times at once is stored once", async () => {
      const saves = Array.from({ length: 8 }, () => deliveries().saveDelivery(aDelivery({ id: "storm" })));
      const results = await Promise.all(saves);
      expect(results.filter((result) => result === "stored")).toHaveLength(1);
      expect(queued).toEqual(["storm"]);
    });

    test("that comes in a burst is stored with the others, and one that cannot be stops none of them", async () => {
      queueing = async (ids) => {
        if (ids.includes("burst-7")) throw new Error("not this one");
      };
      const store = deliveries();
      const ids = Array.from({ length: 250 }, (_, index) => `burst-${index}`);
      const saves = await Promise.allSettled(ids.map((id) => store.saveDelivery(aDelivery({ id }))));
      expect(saves.flatMap(({ status }, index) => (status === "rejected" ? [ids[index]] : []))).toEqual([
        "burst-7",
      ]);
      expect([...queued].sort()).toEqual(ids.filter((id) => id !== "burst-7").sort());
    });

    test("is pruned when it was processed long ago, and not before", async () => {
      for (const id of ["old", "young", "waiting"]) await deliveries().saveDelivery(aDelivery({ id }));
      await deliveries().markProcessed("old", at(2));
      await deliveries().markProcessed("young", at(4));
      expect(await deliveries().pruneProcessed(at(3))).toBeGreaterThan(0);
      expect(await deliveries().fetchDelivery("old")).toBeUndefined();
      expect(await deliveries().fetchDelivery("young")).toBeDefined();
      expect(await deliveries().fetchDelivery("waiting")).toBeDefined();
    });
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
      const records = postgresIncidentRecords(kysely());
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
      const records = postgresIncidentRecords(kysely());
      await records.saveIncident({ ...bare, repo: "acme/other", issue: 1, updatedAt: at(1) });
      await records.saveIncident({ ...bare, repo: "acme/other", issue: 2, updatedAt: at(2) });
      expect(await records.fetchIncident("acme/other", 12)).toBeUndefined();
      expect((await records.searchIncidents("acme/other", 5)).map(({ issue }) => issue)).toEqual([2, 1]);
      expect(await records.searchIncidents("acme/other", 1)).toHaveLength(1);
    });
  });

  test("gate runs are found by id, by commit, and while they run", async () => {
    const runs = postgresGateRuns(kysely());
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
    const held = postgresHeldFixtures(kysely());
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
    const generations = postgresGenerations(kysely());
    expect(await generations.fetchGeneration("acme/refunds", 30)).toBe(0);
    const bumps = Array.from({ length: 5 }, () => generations.bumpGeneration("acme/refunds", 30));
    expect([...(await Promise.all(bumps))].sort()).toEqual([1, 2, 3, 4, 5]);
    expect(await generations.fetchGeneration("acme/refunds", 30)).toBe(5);
    expect(await generations.fetchGeneration("acme/refunds", 31)).toBe(0);
  });

  test("blobs come back byte for byte, however many are asked for at once", async () => {
    const blobs = postgresBlobs(kysely());
    const many = new Map<string, Uint8Array>();
    for (let index = 0; index < 1_200; index++) many.set(`sha-${index}`, Buffer.from([0, 255, index % 256]));
    await blobs.saveBlobs(many);
    await blobs.saveBlobs(new Map([["sha-1", Buffer.from("never changes")]]));
    const found = await blobs.fetchBlobs([...many.keys(), "missing", "sha-1"]);
    expect(found.size).toBe(1_200);
    expect([...(found.get("sha-1") ?? [])]).toEqual([0, 255, 1]);
    expect(found.has("missing")).toBe(false);
    expect(await blobs.fetchBlobs([])).toEqual(new Map());
  });
});
