import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Job } from "../../../src/app/jobs/job.ts";
import { clearUpSweepDeliveries, runSweepDeliveries } from "../../../src/app/jobs/sweep-deliveries.ts";
import type { DeliveryAttempt } from "../../../src/ports/delivery-log.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import { FakeDeliveryLog, type FakeSweepRecords, fakeSweepRecords } from "../../build/fake-sweeps.ts";

const MINUTE_MS = 60_000;
const NOON = new Date("2026-11-21T12:00:00Z");
const ago = (minutes: number) => new Date(NOON.getTime() - minutes * MINUTE_MS);
const JOB = { kind: "sweep-deliveries" } as const;

let log: FakeDeliveryLog;
let records: FakeSweepRecords;
let queued: { readonly job: Job; readonly at: Date | undefined }[];
let said: string[];
let now: Date;

beforeEach(() => {
  log = new FakeDeliveryLog();
  records = fakeSweepRecords();
  queued = [];
  said = [];
  now = NOON;
});

function theDeps() {
  const say = (_fields: unknown, message?: string) => void said.push(message ?? "");
  return {
    ...records,
    deliveryLog: log,
    isHeard: (event: string, action: string | undefined) => `${event}.${action}` === "issues.opened",
    queue: {
      async enqueue(job: Job, at?: Date) {
        queued.push({ job, at });
        return "queued" as const;
      },
    },
    now: () => now,
    log: { info: say, warn: say },
  };
}

const sweep = () => runSweepDeliveries(JOB, theDeps());

let attempts = 0;
function anAttempt(deliveryId: string, at: Date, change: Partial<DeliveryAttempt> = {}): DeliveryAttempt {
  attempts += 1;
  return {
    id: `attempt-${attempts}-of-${deliveryId}`,
    deliveryId,
    event: "issues",
    action: "opened",
    at,
    ...change,
  };
}

/** The deliveries that were asked for, in that order. */
const requested = () => log.requested.map((id) => id.replace(/^attempt-\d+-of-/, ""));
const markedTo = () => records.sweepMarks.kept.get("deliveries")?.sweptTo;
const nextAfterMinutes = () => ((queued.at(-1)?.at?.getTime() ?? 0) - now.getTime()) / MINUTE_MS;

describe("a delivery in GitHub's log", () => {
  test("that never came is asked for, and one that did is not", async () => {
    log.attempts = [anAttempt("came", ago(10)), anAttempt("lost", ago(20))];
    records.missedDeliveries.arrived.add("came");
    await sweep();
    expect(requested()).toEqual(["lost"]);
  });

  test.each<{ called: string; attempt: Partial<DeliveryAttempt> & { at: Date }; isAskedFor: boolean }>([
    {
      called: "nobody listens to",
      attempt: { event: "star", action: "created", at: ago(10) },
      isAskedFor: false,
    },
    {
      called: "has another action than those we hear",
      attempt: { action: "closed", at: ago(10) },
      isAskedFor: false,
    },
    { called: "may be on its way to us", attempt: { at: ago(0.4) }, isAskedFor: false },
    {
      called: "is older than GitHub delivers again",
      attempt: { at: ago(3 * 24 * 60 + 1) },
      isAskedFor: false,
    },
    {
      called: "is just young enough to be delivered again",
      attempt: { at: ago(3 * 24 * 60 - 1) },
      isAskedFor: true,
    },
  ])("that $called: asked for is $isAskedFor", async ({ attempt, isAskedFor }) => {
    log.attempts = [anAttempt("it", attempt.at, attempt)];
    await sweep();
    expect(requested()).toEqual(isAskedFor ? ["it"] : []);
  });

  test("is asked for by its newest attempt, once, however many attempts the log shows", async () => {
    const newest = anAttempt("lost", ago(10));
    log.attempts = [newest, anAttempt("lost", ago(11)), anAttempt("lost", ago(40))];
    await sweep();
    expect(log.requested).toEqual([newest.id]);
  });

  test("is not judged by an old attempt while a new one is on its way", async () => {
    log.attempts = [anAttempt("again", ago(0.4)), anAttempt("again", ago(30))];
    await sweep();
    expect(requested()).toEqual([]);
    expect(nextAfterMinutes()).toBe(1);
    now = new Date(NOON.getTime() + MINUTE_MS);
    await sweep();
    expect(requested()).toEqual(["again"]);
    expect(nextAfterMinutes()).toBe(10);
  });
});

describe("a missed delivery", () => {
  beforeEach(() => {
    log.attempts = [anAttempt("lost", ago(10))];
  });

  test("is asked for again after longer and longer waits, ten times, and then no more", async () => {
    const askedAtMinutes: number[] = [];
    for (let minute = 0; minute < 24 * 60; minute += 10) {
      now = new Date(NOON.getTime() + minute * MINUTE_MS);
      const asked = log.requested.length;
      await sweep();
      if (log.requested.length > asked) askedAtMinutes.push(minute);
    }
    expect(askedAtMinutes).toEqual([0, 10, 20, 40, 80, 160, 320, 560, 800, 1_040]);
  });

  test("is not asked for again once it came", async () => {
    await sweep();
    records.missedDeliveries.arrived.add("lost");
    now = new Date(NOON.getTime() + 60 * MINUTE_MS);
    await sweep();
    expect(requested()).toEqual(["lost"]);
  });

  test("that GitHub no longer delivers stops none of the others", async () => {
    log.attempts = [...log.attempts, anAttempt("other", ago(12))];
    log.refused.add(log.attempts[0]?.id ?? "");
    await sweep();
    expect(requested()).toEqual(["other"]);
    expect(said).toContain("GitHub does not deliver a missed delivery again");
  });
});

describe("the walk", () => {
  test("ends at the mark of the last one, and a little before it", async () => {
    log.attempts = [5, 15, 25, 35, 45, 55].map((minutes) => anAttempt(`d${minutes}`, ago(minutes)));
    await sweep();
    expect(log.read).toEqual([undefined, "2", "4"]);
    expect(markedTo()).toEqual(ago(5));

    now = new Date(NOON.getTime() + 10 * MINUTE_MS);
    log.attempts = [anAttempt("late", ago(9)), ...log.attempts];
    log.read.length = 0;
    await sweep();
    expect(log.read).toEqual([undefined, "2"]);
    expect(requested()).toContain("late");
  });

  test("keeps its mark where a limit of GitHub's cuts it short, and loses nothing of what it saw", async () => {
    log.attempts = [5, 15, 25, 35].map((minutes) => anAttempt(`d${minutes}`, ago(minutes)));
    const limited = new ExternalFailure("limited", {
      system: "github",
      retryable: true,
      retryAfterMs: 1_000,
    });
    log.failure = { atPage: 1, cause: limited };
    await expect(sweep()).rejects.toBe(limited);
    expect(markedTo()).toBeUndefined();

    log.failure = undefined;
    await sweep();
    expect(requested().sort()).toEqual(["d15", "d25", "d35", "d5"]);
    expect(markedTo()).toEqual(ago(5));
  });

  test("that is too long for one job goes on in the next, and then has come as far as it began", async () => {
    log = new FakeDeliveryLog(1);
    log.attempts = Array.from({ length: 70 }, (_, index) => anAttempt(`d${index}`, ago(5 + index)));
    await sweep();
    expect(log.read).toHaveLength(50);
    expect(markedTo()).toBeUndefined();
    expect(nextAfterMinutes()).toBe(1);

    now = new Date(NOON.getTime() + MINUTE_MS);
    await sweep();
    expect(log.read).toHaveLength(70);
    expect(markedTo()).toEqual(ago(5));
    expect(requested()).toHaveLength(70);
    expect(nextAfterMinutes()).toBe(10);
  });

  test("asks for no more than a hundred at a time, and for the others a minute later", async () => {
    log = new FakeDeliveryLog(100);
    log.attempts = Array.from({ length: 150 }, (_, index) => anAttempt(`d${index}`, ago(5 + index)));
    await sweep();
    expect(log.requested).toHaveLength(100);
    expect(nextAfterMinutes()).toBe(1);
    now = new Date(NOON.getTime() + MINUTE_MS);
    await sweep();
    expect(new Set(log.requested).size).toBe(150);
  });

  test("stops nothing where GitHub offers no log", async () => {
    log.isOffered = false;
    await sweep();
    expect(queued).toEqual([{ job: JOB, at: new Date(NOON.getTime() + 10 * MINUTE_MS) }]);
  });
});

test("a sweep that was given up begins anew the next time, from where it had come to", async () => {
  const sweptTo = ago(100);
  await records.sweepMarks.saveMark({
    name: "deliveries",
    sweptTo,
    wholeAt: undefined,
    rest: { from: "a place that GitHub no longer knows", sweptTo: ago(5) },
    updatedAt: ago(1),
  });
  await clearUpSweepDeliveries(JOB, theDeps());
  expect(records.sweepMarks.kept.get("deliveries")).toMatchObject({ sweptTo, rest: undefined });
  expect(nextAfterMinutes()).toBe(10);
});
