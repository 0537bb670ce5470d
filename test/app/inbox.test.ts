import { expect, test } from "@jest/globals";
import { type InboxOptions, startInbox } from "../../src/app/inbox.ts";
import type { Job } from "../../src/app/jobs/job.ts";
import type { Asked } from "../../src/app/webhooks.ts";
import { ExternalFailure } from "../../src/ports/external-failure.ts";
import type { ClaimedDelivery, HandledDelivery, Inbox } from "../../src/ports/inbox.ts";
import { aReadableLog } from "../build/log.ts";
import { until } from "../build/until.ts";

const DOWN = new ExternalFailure("the database is away", { system: "database", retryable: true });
const RECEIVED_AT = new Date("2026-11-21T10:00:00Z");

const aClaimed = (id: string, attempt = 1): ClaimedDelivery => ({
  id,
  event: "issues",
  payload: "{}",
  receivedAt: RECEIVED_AT,
  attempt,
});

const reconciling: Asked = { jobs: [{ kind: "reconcile" }], touched: [] };

/** An inbox as plain data, and what happened to its deliveries. */
function aWorld(batches: ClaimedDelivery[][], hear: InboxOptions["hear"] = async () => reconciling) {
  const readable = aReadableLog();
  const did: string[] = [];
  const refusals: ((handled: readonly HandledDelivery<Job>[]) => unknown)[] = [];
  const inbox: Inbox<Job> = {
    claim: async () => ({ token: "t", deliveries: batches.shift() ?? [] }),
    async settle(_claim, handled) {
      const refusal = refusals[0]?.(handled);
      if (refusal !== undefined) throw refusal;
      for (const one of handled)
        did.push(one.kind === "failed" ? `${one.id} failed: ${one.because}` : `${one.id} processed`);
    },
    async release({ deliveries }) {
      did.push(`given back ${deliveries.length}`);
      batches.push([...deliveries]);
    },
  };
  const running = startInbox({
    inbox,
    hear,
    log: readable.log,
    metrics: { note: () => undefined },
    now: () => RECEIVED_AT,
    pollMs: 60_000,
    pauseMs: 0,
    chance: () => 0,
  });
  return { did, refusals, readable, running, batches };
}

test("deliveries are heard and settled together", async () => {
  const { did, running } = aWorld([[aClaimed("one"), aClaimed("two")]]);
  await until(() => did.length === 2);
  await running.stop();
  expect(did).toEqual(["one processed", "two processed"]);
});

test("of a large batch a few are taken apart at a time, and others get their turn in between", async () => {
  let open = 0;
  let openMax = 0;
  let turns = 0;
  const count = (): void => {
    turns += 1;
    immediate = setImmediate(count);
  };
  let immediate = setImmediate(count);
  const batch = Array.from({ length: 40 }, (_, index) => aClaimed(String(index).padStart(2, "0")));
  const { did, running } = aWorld([batch], async () => {
    open += 1;
    openMax = Math.max(openMax, open);
    await Promise.resolve();
    open -= 1;
    return reconciling;
  });
  await until(() => did.length === 40);
  clearImmediate(immediate);
  await running.stop();
  expect(did).toEqual(batch.map(({ id }) => `${id} processed`));
  expect(openMax).toBeLessThanOrEqual(4);
  expect(turns).toBeGreaterThan(5);
});

test("a delivery that cannot be understood fails alone, with its reason", async () => {
  const { did, running, readable } = aWorld([[aClaimed("good"), aClaimed("bad")]], async ({ id }) => {
    if (id === "bad") throw new Error("expected other values at issue.number");
    return reconciling;
  });
  await until(() => did.length === 2);
  await running.stop();
  const failed = "bad failed: incident-to-eval: expected other values at issue.number";
  expect(did).toEqual(["good processed", failed]);
  expect(readable.lines()).toContainEqual(expect.objectContaining({ delivery: "bad", level: 50 }));
});

test("a delivery that the store does not take fails alone", async () => {
  const world = aWorld([]);
  world.refusals.push((handled) =>
    handled.some(({ id, kind }) => id === "odd" && kind === "processed")
      ? new Error("no such text")
      : undefined,
  );
  world.batches.push([aClaimed("odd"), aClaimed("even")]);
  world.running.wake();
  await until(() => world.did.length === 2);
  await world.running.stop();
  expect(world.did).toEqual(["odd failed: incident-to-eval: no such text", "even processed"]);
});

test("what the database's trouble interrupts is given back and handled again", async () => {
  let failures = 2;
  const { did, running } = aWorld([[aClaimed("one")]], async () => {
    failures -= 1;
    if (failures >= 0) throw DOWN;
    return reconciling;
  });
  await until(() => did.includes("one processed"));
  await running.stop();
  expect(did).toEqual(["given back 1", "given back 1", "one processed"]);
});

test("a delivery that ended the process again and again is given up without another look", async () => {
  const heard: string[] = [];
  const { did, running } = aWorld([[aClaimed("poison", 7)]], async ({ id }) => {
    heard.push(id);
    return reconciling;
  });
  await until(() => did.length === 1);
  await running.stop();
  expect(did).toEqual(["poison failed: the process ended each of the 6 times it was handled"]);
  expect(heard).toEqual([]);
});

test("stopping waits for what is being handled", async () => {
  const heard = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Asked>();
  const { did, running } = aWorld([[aClaimed("slow")]], () => {
    heard.resolve();
    return answer.promise;
  });
  await heard.promise;
  const stopped = running.stop();
  answer.resolve(reconciling);
  await stopped;
  expect(did).toEqual(["slow processed"]);
});
