import { PostgresDeliveryStore } from "../../src/adapters/postgres/delivery-store.ts";
import { openDatabase } from "../../src/adapters/postgres/open-database.ts";
import { PgBossQueue } from "../../src/adapters/postgres/pg-boss-queue.ts";
import { absorbs, JOB_POLICIES, type Job, jobKey, jobSchema } from "../../src/app/jobs/job.ts";
import { aDelivery } from "./delivery.ts";

/**
 * A process of its own that stores a delivery, begins to handle it, says so, and never ends by itself:
 * the tests kill it.
 */
const [, , directory = ""] = process.argv;
const database = await openDatabase({ kind: "directory", path: directory });
const queue = await PgBossQueue.open<Job>(
  database,
  { policies: JOB_POLICIES, read: (stored) => jobSchema.parse(stored), keyOf: jobKey, absorbs },
  { onTrouble: (trouble) => process.stderr.write(`${trouble}\n`) },
);
const deliveries = new PostgresDeliveryStore(database.kysely, (transaction, deliveryIds) =>
  queue.insertWithin(
    transaction,
    "handle-delivery",
    deliveryIds.map((deliveryId) => ({ kind: "handle-delivery", deliveryId })),
  ),
);
await queue.work({
  runJob: () => {
    process.stdout.write("handling\n");
    return new Promise(() => undefined);
  },
  clearUp: async () => ({ kind: "done" }),
});
await deliveries.saveDelivery(aDelivery({ id: "crash" }));
