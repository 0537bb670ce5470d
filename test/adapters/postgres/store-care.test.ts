import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { sql } from "kysely";
import { PostgresDeliveryStore } from "../../../src/adapters/postgres/delivery-store.ts";
import { postgresStoreCare } from "../../../src/adapters/postgres/store-care.ts";
import { reachableEngines, type TestDatabase } from "../../build/databases.ts";
import { aDelivery } from "../../build/delivery.ts";

const ROUNDS = 4;
const DELIVERIES = 40;
const PAYLOAD = JSON.stringify({ text: "a word of a postmortem ".repeat(40) });

let store: TestDatabase;
beforeAll(async () => {
  const [embedded] = reachableEngines();
  if (embedded === undefined) throw new Error("there is no embedded engine");
  store = await embedded.open();
});
afterAll(() => store.remove());

/** Bytes of the table of deliveries after each round of storing some and forgetting them. */
async function sizesWhile(afterRound: () => Promise<void>): Promise<readonly number[]> {
  const { kysely } = store.database;
  const deliveries = new PostgresDeliveryStore(kysely);
  const sizes: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let one = 0; one < DELIVERIES; one += 1)
      await deliveries.saveDelivery(aDelivery({ id: `${round}-${one}`, payload: PAYLOAD }));
    await kysely.deleteFrom("deliveries").execute();
    await afterRound();
    const { rows } = await sql<{ readonly bytes: number }>`
      select pg_table_size('incident_to_eval.deliveries')::int as bytes`.execute(kysely);
    sizes.push(rows[0]?.bytes ?? 0);
  }
  return sizes;
}

test("an embedded store does not grow with what it forgets, once its space is freed", async () => {
  const care = postgresStoreCare(store.database);
  const [first = 0, ...others] = await sizesWhile(() => care.reclaimSpace());
  expect(Math.max(...others)).toBeLessThanOrEqual(first);
  const unfreed = await sizesWhile(async () => undefined);
  expect(unfreed.at(-1)).toBeGreaterThan(first);
});

test("a server is left to itself", async () => {
  await expect(postgresStoreCare({ kysely: broken(), exclusive: false }).reclaimSpace()).resolves.toBe(
    undefined,
  );
});

function broken(): TestDatabase["database"]["kysely"] {
  return new Proxy({} as TestDatabase["database"]["kysely"], {
    get() {
      throw new Error("this was not to be asked");
    },
  });
}
