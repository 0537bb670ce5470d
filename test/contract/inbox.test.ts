import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { PostgresDeliveryStore } from "../../src/adapters/postgres/delivery-store.ts";
import { postgresGenerations } from "../../src/adapters/postgres/generations.ts";
import { openInbox } from "../../src/adapters/postgres/inbox.ts";
import type { Claim, HandledDelivery } from "../../src/ports/inbox.ts";
import { reachableEngines, type TestDatabase } from "../build/databases.ts";
import { aDelivery } from "../build/delivery.ts";

const LONG_AGO = new Date("2026-01-01T00:00:00Z");
const MANY = 120;

describe.each(reachableEngines())("the inbox on $name", (engine) => {
  let store: TestDatabase;
  let queued: string[];
  let queueing: () => void;

  beforeAll(async () => {
    store = await engine.open();
  });

  afterAll(async () => {
    await store.remove();
  });

  beforeEach(async () => {
    queued = [];
    queueing = () => undefined;
    await store.database.kysely.deleteFrom("deliveries").execute();
  });

  const deliveries = () => new PostgresDeliveryStore(store.database.kysely);
  const generations = () => postgresGenerations(store.database.kysely);
  const openOne = () =>
    openInbox<string>(store.database, async (_transaction, jobs) => {
      queueing();
      queued.push(...jobs);
    });

  async function fill(...ids: readonly string[]): Promise<void> {
    const store = deliveries();
    await Promise.all(
      ids.map((id, index) =>
        store.saveDelivery(aDelivery({ id, receivedAt: new Date(LONG_AGO.getTime() + index * 1_000) })),
      ),
    );
  }

  /** Lets the time of all that is claimed run out. */
  const expire = () =>
    store.database.kysely.updateTable("deliveries").set({ lease_until: LONG_AGO }).execute();
  const idsOf = ({ deliveries }: Claim) => deliveries.map(({ id }) => id).sort();
  const processed = (id: string, jobs: readonly string[] = []): HandledDelivery<string> => ({
    kind: "processed",
    id,
    jobs,
    touched: [{ repo: "acme/agent", number: 7 }],
  });
  const stateOf = async (id: string) => (await deliveries().fetchDelivery(id))?.state;

  test("hands out what waits once, oldest first, and again to nobody", async () => {
    const ids = Array.from({ length: MANY }, (_, index) => `d-${String(index).padStart(3, "0")}`);
    await fill(...ids);
    const inbox = await openOne();
    const claims = [await inbox.claim(), await inbox.claim(), await inbox.claim()];
    expect(claims.map(({ deliveries }) => deliveries.length)).toEqual([100, 20, 0]);
    expect(claims.flatMap(idsOf)).toEqual(ids);
    expect(claims[0]?.deliveries[0]).toMatchObject({ event: "issues", attempt: 1 });
  });

  test("notes what became of deliveries, counts the events and queues the jobs, all at once", async () => {
    await fill("one", "two");
    const inbox = await openOne();
    const claim = await inbox.claim();
    const before = await generations().fetchGeneration("acme/agent", 7);
    await inbox.settle(claim, [
      processed("one", ["a", "b"]),
      { kind: "failed", id: "two", because: "it does\0 not fit" },
    ]);
    expect([await stateOf("one"), await stateOf("two")]).toEqual(["processed", "failed"]);
    expect((await deliveries().fetchDelivery("two"))?.problem).toBe("it does not fit");
    expect(await generations().fetchGeneration("acme/agent", 7)).toMatchObject({ count: before.count + 1 });
    expect(queued).toEqual(["a", "b"]);
  });

  test("does nothing of it where one part fails", async () => {
    await fill("one");
    const inbox = await openOne();
    const claim = await inbox.claim();
    const before = await generations().fetchGeneration("acme/agent", 7);
    queueing = () => {
      throw new Error("the queue does not take it");
    };
    await expect(inbox.settle(claim, [processed("one", ["a"])])).rejects.toThrow("does not take it");
    expect(await stateOf("one")).toBe("waiting");
    expect(await generations().fetchGeneration("acme/agent", 7)).toEqual(before);
  });

  test("gives a delivery whose time ran out to the next one, and the first one's result counts for nothing", async () => {
    await fill("slow");
    const inbox = await openOne();
    const late = await inbox.claim();
    await expire();
    const next = await inbox.claim();
    expect(next.deliveries).toEqual([expect.objectContaining({ id: "slow", attempt: 2 })]);
    await inbox.settle(late, [processed("slow", ["late"])]);
    expect([await stateOf("slow"), queued]).toEqual(["waiting", []]);
    await inbox.settle(next, [processed("slow", ["in time"])]);
    await inbox.settle(next, [processed("slow", ["twice"])]);
    expect([await stateOf("slow"), queued]).toEqual(["processed", ["in time"]]);
  });

  test("hands out what was given back as if it had not been taken", async () => {
    await fill("back");
    const inbox = await openOne();
    await inbox.release(await inbox.claim());
    expect((await inbox.claim()).deliveries).toEqual([expect.objectContaining({ id: "back", attempt: 1 })]);
  });

  test("puts those that may have ended a process apart: ten together, then each alone", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `s-${String(index).padStart(2, "0")}`);
    await fill(...ids);
    const inbox = await openOne();
    const sizes: number[] = [];
    for (let claim = 0; claim < 5; claim++) {
      sizes.push((await inbox.claim()).deliveries.length);
      if (claim === 0) await expire();
    }
    expect(sizes).toEqual([12, 10, 2, 0, 0]);
    await expire();
    expect((await inbox.claim()).deliveries).toEqual([expect.objectContaining({ id: "s-00", attempt: 3 })]);
  });

  test("does not let new ones hold back those with an attempt behind them", async () => {
    await fill("again");
    const inbox = await openOne();
    await inbox.claim();
    await expire();
    const seen: string[] = [];
    for (let round = 0; round < 10; round++) {
      await fill(`new-${round}`);
      seen.push(...idsOf(await inbox.claim()));
    }
    expect(seen).toContain("again");
  });

  test("takes large payloads a few at a time", async () => {
    const payload = JSON.stringify({ text: "x".repeat(5 * 1024 * 1024) });
    for (const id of ["big-1", "big-2", "big-3"]) await deliveries().saveDelivery(aDelivery({ id, payload }));
    const inbox = await openOne();
    const sizes = [await inbox.claim(), await inbox.claim()].map(({ deliveries }) => deliveries.length);
    expect(sizes).toEqual([2, 1]);
  });

  test("of a process that is gone is free at once where no other can be at work, and else after its time", async () => {
    await fill("left");
    await (await openOne()).claim();
    const found = (await (await openOne()).claim()).deliveries.map(({ id, attempt }) => `${id} ${attempt}`);
    expect(found).toEqual(store.database.exclusive ? ["left 2"] : []);
  });
});
