import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { PgBoss } from "pg-boss";
import { type Database, openDatabase } from "../../../src/adapters/postgres/open-database.ts";
import { queueOptions, recoverOrphans } from "../../../src/adapters/postgres/queue-setup.ts";
import { memoryDatabase } from "../../build/memory-database.ts";

const QUEUE = "orphans";
const policy = {
  concurrency: 1,
  attemptsMax: 2,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 1,
  timeLimitSeconds: 60,
};
let database: Database;
let boss: PgBoss;

beforeAll(async () => {
  database = await openDatabase(await memoryDatabase());
  boss = new PgBoss({ ...database.queueConnection, schedule: false, supervise: false });
  await boss.start();
  await boss.createQueue("given-up");
  await boss.createQueue(QUEUE, queueOptions(policy));
});

afterAll(async () => {
  await boss.stop();
  await database.close();
});

/** Fetches the job as a worker does, and leaves it as a process does that dies; tells whether there was one. */
async function isFetchedAndOrphaned(): Promise<boolean> {
  const [job] = await boss.fetch(QUEUE);
  await recoverOrphans(boss, [QUEUE]);
  return job !== undefined;
}

test("a job whose process died goes on, far beyond its own attempts but not for ever", async () => {
  await boss.send(QUEUE, {}, { singletonKey: "one" });
  let deaths = 0;
  while (deaths < 100 && (await isFetchedAndOrphaned())) deaths += 1;
  expect(deaths).toBeGreaterThan(policy.attemptsMax + 10);
  expect(deaths).toBeLessThan(100);
});
