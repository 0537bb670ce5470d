import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { postgresDeadLetters } from "../../src/adapters/postgres/dead-letters.ts";
import type { DeadLetters, GivenUpJob } from "../../src/ports/dead-letters.ts";
import { type Engine, reachableEngines } from "../build/databases.ts";
import { fakeDeadLetters } from "../build/fake-dead-letters.ts";

interface Store extends DeadLetters {
  failDelivery(id: string, at: Date): Promise<void>;
  waitingDeliveries(): Promise<readonly string[]>;
  remove(): Promise<void>;
}

const memory = {
  name: "memory",
  open: async () => ({ ...fakeDeadLetters(), remove: async () => undefined }),
};
const STORES: readonly { readonly name: string; open(): Promise<Store> }[] = [
  ...(await reachableEngines()).map(storeOn),
  memory,
];

function storeOn(engine: Engine) {
  return {
    name: engine.name,
    async open(): Promise<Store> {
      const { database, remove } = await engine.open();
      const { kysely } = database;
      return {
        ...postgresDeadLetters(kysely),
        remove,
        async failDelivery(id, at) {
          const failed = { state: "failed", problem: "a bug", settled_at: at, attempts: 1 } as const;
          await kysely
            .insertInto("deliveries")
            .values({ id, event: "issues", payload: "{}", received_at: at, ...failed })
            .onConflict((conflict) => conflict.column("id").doUpdateSet(failed))
            .execute();
        },
        async waitingDeliveries() {
          const rows = await kysely
            .selectFrom("deliveries")
            .select("id")
            .where("state", "=", "waiting")
            .execute();
          return rows.map(({ id }) => id);
        },
      };
    },
  };
}

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));

function aGivenUpJob(change: Partial<GivenUpJob> = {}): GivenUpJob {
  return {
    id: "job-1",
    kind: "gate-pull-request",
    place: "acme/agent#42",
    job: { kind: "gate-pull-request", pullRequest: 42 },
    because: "GitHub: no answer",
    attempts: 8,
    at: at(0),
    ...change,
  };
}

describe.each(STORES)("dead letters in $name", ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.remove());

  const openIds = async () => (await store.searchOpen(100)).letters.map(({ id }) => id);

  test("a job that was given up is kept with all that is needed to try it again, once", async () => {
    await store.saveGivenUp(aGivenUpJob());
    await store.saveGivenUp(aGivenUpJob({ because: "told twice" }));
    expect(await store.searchOpen(10)).toEqual({ letters: [aGivenUpJob()], total: 1 });
    expect(await store.fetchOpen("job-1")).toEqual(aGivenUpJob());
    expect(await store.fetchOpen("job-0")).toBeUndefined();
  });

  test("failed deliveries stand on the same list, newest first", async () => {
    await store.failDelivery("d.1", at(5));
    await store.saveGivenUp(aGivenUpJob({ id: "job-2", at: at(9) }));
    expect(await openIds()).toEqual(["job-2", "delivery:d.1", "job-1"]);
    expect(await store.searchOpen(1)).toMatchObject({ letters: [{ id: "job-2" }], total: 3 });
    expect(await store.fetchOpen("delivery:d.1")).toMatchObject({
      kind: "delivery",
      place: "issues",
      because: "a bug",
      attempts: 1,
      at: at(5),
    });
  });

  test("what was dismissed is off the list, and the first decision stands", async () => {
    const decision = { id: "job-2", how: "dismissed", by: "olga", at: at(10) } as const;
    expect(await store.decide(decision)).toBe(true);
    expect(await store.decide({ ...decision, how: "retried" })).toBe(false);
    expect(await openIds()).toEqual(["delivery:d.1", "job-1"]);
  });

  test("a job that is kept no more is not kept again by a late repetition", async () => {
    await store.saveGivenUp(aGivenUpJob({ id: "job-2", at: at(9) }));
    expect(await openIds()).not.toContain("job-2");
  });

  test("a delivery that is retried waits again, and is on the list when it fails anew", async () => {
    expect(await store.decide({ id: "delivery:d.1", how: "retried", by: "olga", at: at(11) })).toBe(true);
    expect(await store.waitingDeliveries()).toEqual(["d.1"]);
    expect(await openIds()).toEqual(["job-1"]);
    await store.failDelivery("d.1", at(12));
    expect(await openIds()).toEqual(["delivery:d.1", "job-1"]);
  });

  test("a delivery that is dismissed waits no more, until it fails anew", async () => {
    const decision = { id: "delivery:d.1", how: "dismissed", by: "olga", at: at(13) } as const;
    expect(await store.decide(decision)).toBe(true);
    expect(await store.decide(decision)).toBe(false);
    expect(await store.waitingDeliveries()).toEqual([]);
    expect(await openIds()).toEqual(["job-1"]);
    await store.failDelivery("d.1", at(20));
    expect(await openIds()).toEqual(["delivery:d.1", "job-1"]);
  });

  test("nothing is decided about what is not there", async () => {
    for (const id of ["job-9", "delivery:d.9"])
      expect(await store.decide({ id, how: "retried", by: "olga", at: at(14) })).toBe(false);
  });

  test("what was given up long ago is removed", async () => {
    await store.saveGivenUp(aGivenUpJob({ id: "job-3", at: at(30) }));
    expect(await store.pruneBefore(at(25))).toBeGreaterThan(0);
    expect(await openIds()).toEqual(["job-3", "delivery:d.1"]);
  });
});
