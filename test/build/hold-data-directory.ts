import { PostgresDeliveryStore } from "../../src/adapters/postgres/delivery-store.ts";
import { openInbox } from "../../src/adapters/postgres/inbox.ts";
import { openDatabase } from "../../src/adapters/postgres/open-database.ts";
import { PgBossQueue } from "../../src/adapters/postgres/pg-boss-queue.ts";
import { absorbs, JOB_POLICIES, type Job, jobKey, jobSchema, RETIRED_KINDS } from "../../src/app/jobs/job.ts";
import { aDelivery } from "./delivery.ts";

/**
 * A process of its own that claims deliveries, begins to do a job, says so, and never ends by itself:
 * the tests kill it.
 */
const [, , directory = ""] = process.argv;
const database = await openDatabase({ kind: "directory", path: directory });
const queue = await PgBossQueue.open<Job>(
  database,
  {
    policies: JOB_POLICIES,
    retired: RETIRED_KINDS,
    read: (stored) => jobSchema.parse(stored),
    keyOf: jobKey,
    absorbs,
  },
  { onTrouble: (trouble) => process.stderr.write(`${trouble}\n`) },
);
const inbox = await openInbox(database, (transaction, jobs: readonly Job[]) =>
  queue.enqueueWithin(transaction, jobs),
);
const deliveries = new PostgresDeliveryStore(database.kysely);
await deliveries.saveDelivery(aDelivery({ id: "first" }));
await deliveries.saveDelivery(aDelivery({ id: "second" }));
await inbox.claim();
await queue.enqueue({ kind: "reconcile" });
await queue.work({
  runJob: () => {
    process.stdout.write("working\n");
    return new Promise(() => undefined);
  },
  clearUp: async () => ({ kind: "done" }),
});
