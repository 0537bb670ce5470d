import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { postgresBlobs } from "../../src/adapters/postgres/blobs.ts";
import { PostgresDeliveryStore } from "../../src/adapters/postgres/delivery-store.ts";
import { postgresHeartbeat } from "../../src/adapters/postgres/heartbeat.ts";
import { openInbox } from "../../src/adapters/postgres/inbox.ts";
import { reachableEngines, type TestDatabase } from "../build/databases.ts";
import { aDelivery } from "../build/delivery.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));

describe.each(await reachableEngines())("on $name", (engine) => {
  let store: TestDatabase;

  beforeAll(async () => {
    store = await engine.open();
  });

  afterAll(async () => {
    await store.remove();
  });

  const kysely = () => store.database.kysely;
  const deliveries = () => new PostgresDeliveryStore(kysely());

  /** Has everything that waits settled: those named as failed, the others as processed. */
  async function settleAll(failed: readonly string[] = []): Promise<void> {
    const inbox = await openInbox(store.database, async () => undefined);
    const claim = await inbox.claim();
    const outcomeOf = ({ id }: { id: string }) =>
      failed.includes(id)
        ? ({ kind: "failed", id, because: "a bug" } as const)
        : ({ kind: "processed", id, jobs: [], touched: [] } as const);
    await inbox.settle(claim, claim.deliveries.map(outcomeOf));
  }

  describe("a delivery", () => {
    test("is stored once and comes back as it was", async () => {
      const delivery = aDelivery({ id: "once", payload: '{"text":"\\u0000 \u{1F600} \\" \'"}' });
      expect(await deliveries().saveDelivery(delivery)).toBe("stored");
      expect(await deliveries().saveDelivery(delivery)).toBe("already_waiting");
      expect(await deliveries().fetchDelivery("once")).toEqual({
        ...delivery,
        state: "waiting",
        problem: undefined,
      });
    });

    test("that is processed is not processed again", async () => {
      await deliveries().saveDelivery(aDelivery({ id: "done" }));
      await settleAll();
      expect(await deliveries().saveDelivery(aDelivery({ id: "done" }))).toBe("already_processed");
    });

    test("that failed gets another chance when GitHub delivers it again", async () => {
      await deliveries().saveDelivery(aDelivery({ id: "bad" }));
      await settleAll(["bad"]);
      expect(await deliveries().fetchDelivery("bad")).toMatchObject({ state: "failed", problem: "a bug" });
      expect(await deliveries().saveDelivery(aDelivery({ id: "bad", payload: '{"a":1}' }))).toBe("stored");
      expect(await deliveries().fetchDelivery("bad")).toMatchObject({
        state: "waiting",
        payload: '{"a":1}',
        problem: undefined,
      });
    });

    test("that comes several times at once is stored once", async () => {
      const saves = Array.from({ length: 8 }, () => deliveries().saveDelivery(aDelivery({ id: "storm" })));
      const results = await Promise.all(saves);
      expect(results.filter((result) => result === "stored")).toHaveLength(1);
    });

    test("that comes in a burst is stored with the others, and one that cannot be stops none of them", async () => {
      const store = deliveries();
      const ids = Array.from({ length: 250 }, (_, index) => `burst-${index}`);
      // No database stores the zero character; a payload that is JSON cannot hold it.
      const payloadOf = (id: string) => (id === "burst-7" ? "\0" : "{}");
      const saves = await Promise.allSettled(
        ids.map((id) => store.saveDelivery(aDelivery({ id, payload: payloadOf(id) }))),
      );
      expect(saves.flatMap(({ status }, index) => (status === "rejected" ? [ids[index]] : []))).toEqual([
        "burst-7",
      ]);
      expect(await deliveries().fetchDelivery("burst-249")).toMatchObject({ state: "waiting" });
    });

    test("is pruned when it was processed or failed long ago, and not before", async () => {
      for (const id of ["processed", "failed"]) await deliveries().saveDelivery(aDelivery({ id }));
      for (let batch = 0; batch < 4; batch++) await settleAll(["failed"]);
      await deliveries().saveDelivery(aDelivery({ id: "waiting" }));
      const settledAt = (await kysely().selectFrom("deliveries").select("settled_at").execute())
        .flatMap(({ settled_at }) => (settled_at === null ? [] : [settled_at.getTime()]))
        .sort((one, other) => one - other);
      expect(await deliveries().pruneSettled(new Date(settledAt[0] ?? 0))).toBe(0);
      expect(await deliveries().pruneSettled(new Date((settledAt.at(-1) ?? 0) + 1))).toBe(settledAt.length);
      expect(await deliveries().fetchDelivery("processed")).toBeUndefined();
      expect(await deliveries().fetchDelivery("failed")).toBeUndefined();
      expect(await deliveries().fetchDelivery("waiting")).toBeDefined();
    });
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

  test("blobs that nobody has read for long are pruned, and one that is read counts as used", async () => {
    const blobs = postgresBlobs(kysely());
    await blobs.saveBlobs(
      new Map([
        ["read", Buffer.from("r")],
        ["unread", Buffer.from("u")],
      ]),
    );
    const longAgo = new Date(Date.now() - 60 * 24 * 60 * 60 * 1_000);
    await kysely()
      .updateTable("blobs")
      .set({ used_at: longAgo })
      .where("sha", "in", ["read", "unread"])
      .execute();
    await blobs.fetchBlobs(["read"]);
    expect(await blobs.pruneUnused(new Date(Date.now() - 60 * 60 * 1_000))).toBe(1);
    expect([...(await blobs.fetchBlobs(["read", "unread"])).keys()]).toEqual(["read"]);
  });

  test("a heartbeat is written again and again as one row", async () => {
    const beat = postgresHeartbeat(kysely());
    await beat(at(1));
    await beat(at(2));
    expect(await kysely().selectFrom("heartbeats").select("at").execute()).toEqual([{ at: at(2) }]);
  });
});
