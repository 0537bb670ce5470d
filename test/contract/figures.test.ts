import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { postgresDeadLetters } from "../../src/adapters/postgres/dead-letters.ts";
import { postgresFigures } from "../../src/adapters/postgres/figures.ts";
import { PgBossQueue } from "../../src/adapters/postgres/pg-boss-queue.ts";
import { absorbs, JOB_POLICIES, type Job, jobKey, jobSchema } from "../../src/app/jobs/job.ts";
import { reachableEngines, type TestDatabase } from "../build/databases.ts";
import { aDraftJob, aGateJob } from "../build/job-world.ts";

const HOUR_MS = 3_600_000;
const START = new Date("2026-11-21T10:00:00Z");

describe.each(await reachableEngines())("how the store stands, on $name", ({ open }) => {
  let store: TestDatabase;
  let queue: PgBossQueue<Job>;
  beforeAll(async () => {
    store = await open();
    queue = await PgBossQueue.open<Job>(
      store.database,
      {
        policies: JOB_POLICIES,
        retired: [],
        read: (stored) => jobSchema.parse(stored),
        keyOf: jobKey,
        absorbs,
      },
      { onTrouble: () => undefined },
    );
  });
  afterAll(async () => {
    await queue.stop(0);
    await store.remove();
  });

  const look = () => postgresFigures(store.database.kysely, Object.keys(JOB_POLICIES)).fetchFigures(START);

  test("an empty store says zero of everything", async () => {
    const figures = await look();
    expect(figures.queues.map(({ job }) => job)).toEqual(expect.arrayContaining(Object.keys(JOB_POLICIES)));
    expect(figures.queues.every(({ waiting, running }) => waiting === 0 && running === 0)).toBe(true);
    expect(figures).toMatchObject({
      deliveries: { waiting: 0, processed: 0, failed: 0 },
      oldestWaitingDeliveryAt: undefined,
      openRuns: 0,
      oldestOpenRunAt: undefined,
      deadLetters: {},
    });
  });

  test("jobs that wait are counted, and those that are due are told from those that come later", async () => {
    await queue.enqueue(aGateJob(1));
    await queue.enqueue(aGateJob(2));
    await queue.enqueue(aDraftJob(3), new Date(Date.now() + HOUR_MS));
    const { queues } = await look();
    expect(queues.find(({ job }) => job === "gate-pull-request")).toEqual({
      job: "gate-pull-request",
      waiting: 2,
      running: 0,
      oldestDueAt: expect.any(Date),
    });
    expect(queues.find(({ job }) => job === "draft-fixtures")).toMatchObject({
      waiting: 1,
      oldestDueAt: undefined,
    });
  });

  test("deliveries are counted by state, those that wait however old they are, and failures are dead letters", async () => {
    const at = (hours: number) => new Date(START.getTime() + hours * HOUR_MS);
    const rows = [
      { id: "w", state: "waiting", received_at: at(-48), settled_at: null },
      { id: "p1", state: "processed", received_at: at(1), settled_at: at(1) },
      { id: "p0", state: "processed", received_at: at(-5), settled_at: at(-5) },
      { id: "f", state: "failed", received_at: at(2), settled_at: at(2) },
    ] as const;
    const { kysely } = store.database;
    await kysely
      .insertInto("deliveries")
      .values(rows.map((row) => ({ ...row, event: "issues", payload: "{}" })))
      .execute();
    await postgresDeadLetters(kysely).saveGivenUp({
      id: "1",
      kind: "draft-fixtures",
      place: "acme/agent#3",
      job: {},
      because: "GitHub: no answer",
      attempts: 8,
      at: at(2),
    });
    expect(await look()).toMatchObject({
      deliveries: { waiting: 1, processed: 1, failed: 1 },
      oldestWaitingDeliveryAt: at(-48),
      deadLetters: { delivery: 1, "draft-fixtures": 1 },
    });
  });
});
