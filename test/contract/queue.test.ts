import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { PgBossQueue } from "../../src/adapters/postgres/pg-boss-queue.ts";
import type { JobOutcome, JobPolicy, Turn } from "../../src/ports/job-queue.ts";
import { type Engine, reachableEngines, type TestDatabase } from "../build/databases.ts";
import { until } from "../build/until.ts";

const STOP_MS = 1_000;
const engines = await reachableEngines();

/** A job of these tests: `what` tells apart what a key asks for. */
interface TestJob {
  readonly kind: string;
  readonly key: string;
  readonly what?: string;
}

const policy: JobPolicy = {
  concurrency: 3,
  attemptsMax: 2,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 1,
  timeLimitSeconds: 60,
};

const words = {
  policies: { work: policy },
  retired: [],
  read: (stored: unknown) => stored as TestJob,
  keyOf: (job: TestJob) => job.key,
  absorbs: (waiting: TestJob, next: TestJob) => waiting.what === next.what,
};

const trouble: unknown[] = [];
const openQueue = (store: TestDatabase) =>
  PgBossQueue.open<TestJob>(store.database, words, {
    onTrouble: (what) => trouble.push(what),
    pollSeconds: 0.5,
  });

describe.each(engines)("on $name", (engine: Engine) => {
  let store: TestDatabase;
  const open: PgBossQueue<TestJob>[] = [];

  beforeAll(async () => {
    store = await engine.open();
  });

  afterEach(async () => {
    for (const queue of open.splice(0)) await queue.stop(STOP_MS);
  });

  afterAll(async () => {
    await store.remove();
    expect(trouble).toEqual([]);
  });

  /** A queue whose jobs go to `run`, and a record of what happened. */
  async function aQueue(run: (job: TestJob, turn: Turn) => Promise<JobOutcome>) {
    const queue = await openQueue(store);
    open.push(queue);
    const ran: string[] = [];
    const clearedUp: string[] = [];
    let clearUp = async (): Promise<JobOutcome> => ({ kind: "done" });
    const start = () =>
      queue.work({
        runJob(job, turn) {
          ran.push(`${job.key} ${job.what ?? ""} attempt ${turn.attempt}`);
          return run(job, turn);
        },
        clearUp(job, because) {
          clearedUp.push(`${job.key}: ${because}`);
          return clearUp();
        },
      });
    return { queue, ran, clearedUp, start, clearUpWith: (next: typeof clearUp) => (clearUp = next) };
  }

  const done = async (): Promise<JobOutcome> => ({ kind: "done" });

  test("a job that waits absorbs others of its key that say the same", async () => {
    const { queue, ran, start } = await aQueue(done);
    expect(await queue.enqueue({ kind: "work", key: "a" })).toBe("queued");
    expect(await queue.enqueue({ kind: "work", key: "a" })).toBe("absorbed");
    expect(await queue.enqueue({ kind: "work", key: "a", what: "command" })).toBe("queued");
    expect(await queue.enqueue({ kind: "work", key: "b" })).toBe("queued");
    await start();
    await until(() => ran.length === 3);
    expect([...ran].sort()).toEqual(["a  attempt 1", "a command attempt 1", "b  attempt 1"]);
  });

  test("jobs that wait under the keys of an earlier version wait under those of this one", async () => {
    const former = await PgBossQueue.open<TestJob>(
      store.database,
      { ...words, keyOf: ({ key }) => `former name of ${key}` },
      { onTrouble: (what) => trouble.push(what), pollSeconds: 0.5 },
    );
    await former.enqueue({ kind: "work", key: "kept" });
    await former.enqueue({ kind: "work", key: "kept", what: "command" });
    await former.stop(STOP_MS);
    const { queue, ran, start } = await aQueue(done);
    expect(await queue.enqueue({ kind: "work", key: "kept" })).toBe("absorbed");
    expect(await queue.enqueue({ kind: "work", key: "kept", what: "command" })).toBe("absorbed");
    await start();
    await until(() => ran.length === 2);
    expect(ran).toEqual(["kept  attempt 1", "kept command attempt 1"]);
  });

  test("of many jobs of a key that come at once one is queued", async () => {
    const { queue } = await aQueue(done);
    const results = await Promise.all(
      Array.from({ length: 6 }, () => queue.enqueue({ kind: "work", key: "at-once" })),
    );
    expect(results.filter((result) => result === "queued")).toHaveLength(1);
  });

  test("while a job runs one more of its key waits behind it, and other keys go ahead", async () => {
    const gates = new Map<string, () => void>();
    let active = 0;
    let activeMax = 0;
    const { queue, ran, start } = await aQueue(async ({ key, what }) => {
      if (key !== "one") return { kind: "done" };
      active += 1;
      activeMax = Math.max(activeMax, active);
      await new Promise<void>((resolve) => gates.set(what ?? "", resolve));
      active -= 1;
      return { kind: "done" };
    });
    await start();
    await queue.enqueue({ kind: "work", key: "one", what: "first" });
    await until(() => gates.has("first"));
    expect(await queue.enqueue({ kind: "work", key: "one", what: "second" })).toBe("queued");
    expect(await queue.enqueue({ kind: "work", key: "one", what: "second" })).toBe("absorbed");
    await queue.enqueue({ kind: "work", key: "two" });
    await until(() => ran.includes("two  attempt 1"));
    expect(ran).not.toContain("one second attempt 1");
    gates.get("first")?.();
    await until(() => gates.has("second"));
    gates.get("second")?.();
    await until(() => active === 0);
    expect(activeMax).toBe(1);
  });

  test("a job that fails is tried again, and given up after its last attempt", async () => {
    const { queue, ran, clearedUp, start } = await aQueue(async () => ({
      kind: "retry",
      because: "GitHub is down",
    }));
    await start();
    await queue.enqueue({ kind: "work", key: "flaky" });
    await until(() => clearedUp.length === 1);
    expect(ran).toEqual(["flaky  attempt 1", "flaky  attempt 2"]);
    expect(clearedUp).toEqual(["flaky: GitHub is down"]);
  });

  test("a job that cannot be helped is given up at once, and the next of its key runs", async () => {
    let broken = true;
    const { queue, ran, clearedUp, start } = await aQueue(async () =>
      broken ? Promise.reject(new Error("a bug")) : { kind: "done" },
    );
    await start();
    await queue.enqueue({ kind: "work", key: "buggy" });
    await until(() => clearedUp.length === 1);
    broken = false;
    await queue.enqueue({ kind: "work", key: "buggy" });
    await until(() => ran.length === 2);
    expect(clearedUp).toEqual(["buggy: a bug"]);
  });

  test("clearing up is tried again until it is done", async () => {
    const { queue, clearedUp, start, clearUpWith } = await aQueue(async () => ({
      kind: "give_up",
      because: "no",
    }));
    clearUpWith(async () =>
      clearedUp.length < 2 ? { kind: "retry", because: "still down", afterMs: 100 } : { kind: "done" },
    );
    await start();
    await queue.enqueue({ kind: "work", key: "stubborn" });
    await until(() => clearedUp.length === 2);
    expect(clearedUp).toEqual(["stubborn: no", "stubborn: no"]);
  });

  test("a job is put off for as long as the outside says, beyond the usual back-off", async () => {
    const { queue, ran, clearedUp, start } = await aQueue(async ({ key }) =>
      key === "limited"
        ? { kind: "retry", because: "slow down", afterMs: 3_600_000 }
        : { kind: "retry", because: "down" },
    );
    await start();
    await queue.enqueue({ kind: "work", key: "limited" });
    await until(() => ran.length === 1);
    await queue.enqueue({ kind: "work", key: "usual" });
    await until(() => clearedUp.length === 1);
    expect(ran).toEqual(["limited  attempt 1", "usual  attempt 1", "usual  attempt 2"]);
  });

  test("waiting for a time that the outside named costs no attempt", async () => {
    const { queue, ran, clearedUp, start } = await aQueue(async () =>
      ran.length < 5 ? { kind: "retry", because: "slow down", afterMs: 1 } : { kind: "done" },
    );
    await start();
    await queue.enqueue({ kind: "work", key: "patient" });
    await until(() => ran.length === 5);
    expect(clearedUp).toEqual([]);
  });

  test("a job for later waits, and an event brings it forward", async () => {
    const { queue, ran, start } = await aQueue(done);
    await start();
    const inAnHour = new Date(Date.now() + 3_600_000);
    expect(await queue.enqueue({ kind: "work", key: "later" }, inAnHour)).toBe("queued");
    await queue.enqueue({ kind: "work", key: "now" });
    await until(() => ran.length === 1);
    expect(ran).toEqual(["now  attempt 1"]);
    expect(await queue.enqueue({ kind: "work", key: "later" })).toBe("absorbed");
    await until(() => ran.length === 2);
    expect(ran[1]).toBe("later  attempt 1");
  });

  test("stopping waits for what runs", async () => {
    let finish: () => void = () => undefined;
    const { queue, ran, start } = await aQueue(async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return { kind: "done" };
    });
    await start();
    await queue.enqueue({ kind: "work", key: "slow" });
    await until(() => ran.length === 1);
    const stopped = queue.stop(20_000);
    finish();
    await stopped;
    const next = await aQueue(done);
    await next.start();
    await next.queue.enqueue({ kind: "work", key: "marker" });
    await until(() => next.ran.length === 1);
    expect(next.ran).toEqual(["marker  attempt 1"]);
  });

  test("what runs longer than stopping waits is told, and tried again after the next start", async () => {
    const signals: AbortSignal[] = [];
    const { queue, start } = await aQueue(async (_job, { signal }) => {
      signals.push(signal);
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
      return { kind: "done" };
    });
    await start();
    await queue.enqueue({ kind: "work", key: "too-slow" });
    await until(() => signals.length === 1);
    await queue.stop(STOP_MS);
    expect(signals[0]?.aborted).toBe(true);
    const next = await aQueue(done);
    await next.start();
    await until(() => next.ran.length === 1);
    expect(next.ran).toEqual(["too-slow  attempt 2"]);
  });

  test("jobs that are added together come to the same as one after the other, in their order", async () => {
    const { queue, ran, start } = await aQueue(done);
    await queue.enqueue({ kind: "work", key: "known" });
    await queue.enqueue({ kind: "work", key: "late" }, new Date(Date.now() + 3_600_000));
    const job = (key: string, what: string) => ({ kind: "work", key, what });
    const list = [job("many", "first"), job("many", "second"), job("many", "first"), job("many", "third")];
    const known = ["known", "late"].map((key) => ({ kind: "work", key }));
    expect(await queue.enqueueAll([...list, ...known])).toEqual([
      "queued",
      "queued",
      "absorbed",
      "queued",
      "absorbed",
      "absorbed",
    ]);
    expect(await queue.enqueueAll([])).toEqual([]);
    await start();
    await until(() => ran.length === 5);
    expect(ran.filter((line) => line.startsWith("many"))).toEqual([
      "many first attempt 1",
      "many second attempt 1",
      "many third attempt 1",
    ]);
    expect(ran).toContain("late  attempt 1");
  });

  test("a job that is part of a transaction is there when, and only when, it commits", async () => {
    const { queue, ran, start } = await aQueue(done);
    const enqueueIn = (key: string, fail: boolean) =>
      store.database.kysely.transaction().execute(async (transaction) => {
        await queue.enqueueWithin(transaction, [{ kind: "work", key }]);
        if (fail) throw new Error("rolled back");
      });
    await expect(enqueueIn("undone", true)).rejects.toThrow("rolled back");
    await enqueueIn("committed", false);
    await start();
    await until(() => ran.length === 1);
    expect(ran).toEqual(["committed  attempt 1"]);
  });
});

const shared = engines.flatMap(({ openTogether }) => (openTogether === undefined ? [] : [openTogether]));

for (const openTogether of shared) {
  test("several processes that start together on an empty database share its jobs", async () => {
    const processes = await openTogether(3);
    const queues = await Promise.all(processes.map(openQueue));
    const ran: string[] = [];
    for (const queue of queues) {
      await queue.work({
        runJob: async ({ key }) => {
          ran.push(key);
          return { kind: "done" };
        },
        clearUp: async () => ({ kind: "done" }),
      });
    }
    const keys = Array.from({ length: 30 }, (_, index) => `job-${index}`);
    await Promise.all(keys.map((key, index) => queues[index % 3]?.enqueue({ kind: "work", key })));
    await until(() => ran.length >= keys.length);
    for (const queue of queues) await queue.stop(STOP_MS);
    for (const process of processes) await process.remove();
    expect([...ran].sort()).toEqual([...keys].sort());
  });
}
