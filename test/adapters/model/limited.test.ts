import { expect, test } from "@jest/globals";
import { type Clock, limited } from "../../../src/adapters/model/limited.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";

const { signal } = new AbortController();

/** A clock that moves on only while somebody sleeps. */
function aClock(): Clock & { readonly moveOn: (ms: number) => void } {
  let nowMs = 0;
  return {
    now: () => nowMs,
    moveOn: (ms) => {
      nowMs += ms;
    },
    async sleep(delayMs) {
      // Those that sleep at the same time do so side by side.
      const untilMs = nowMs + delayMs;
      await Promise.resolve();
      nowMs = Math.max(nowMs, untilMs);
    },
  };
}

function failure(
  status: number,
  details: { retryable?: boolean; retryAfterMs?: number } = {},
): ExternalFailure {
  return new ExternalFailure(`status ${status}`, { system: "openai", retryable: true, status, ...details });
}

/** Fails in the given way until a time, and counts how often it was asked. */
function awayUntil(untilMs: number, clock: Clock, how: () => Error = () => failure(529)) {
  const asked = { times: 0 };
  const attempt = async (): Promise<string> => {
    asked.times += 1;
    if (clock.now() < untilMs) throw how();
    return "there";
  };
  return { asked, attempt };
}

test.each([
  { name: "an overload", how: () => failure(529) },
  { name: "a limit without a word on how long", how: () => failure(429) },
  { name: "a fault", how: () => failure(500) },
  { name: "a limit that says when", how: () => failure(429, { retryAfterMs: 10_000 }) },
])("$name of a minute is outlasted by every request, and none is lost", async ({ how }) => {
  const clock = aClock();
  const { attempt } = awayUntil(60_000, clock, how);
  const ask = limited(attempt, { concurrency: 4, clock });
  expect(await Promise.all(Array.from({ length: 8 }, () => ask(undefined, signal)))).toEqual(
    Array.from({ length: 8 }, () => "there"),
  );
});

test("an outage costs patience once: what comes later is asked once and told at once", async () => {
  const clock = aClock();
  const { attempt, asked } = awayUntil(Number.POSITIVE_INFINITY, clock);
  const ask = limited(attempt, { concurrency: 1, clock });
  await expect(ask(undefined, signal)).rejects.toMatchObject({ status: 529 });
  const spent = { times: asked.times, ms: clock.now() };
  expect(spent.ms).toBeGreaterThan(60_000);
  for (let later = 1; later <= 5; later += 1) {
    await expect(ask(undefined, signal)).rejects.toMatchObject({ status: 529 });
  }
  expect(asked.times - spent.times).toBe(5);
  expect(clock.now()).toBe(spent.ms);
});

test("a failure long after the last one is the beginning of another trouble", async () => {
  const clock = aClock();
  const { attempt } = awayUntil(Number.POSITIVE_INFINITY, clock);
  const ask = limited(attempt, { concurrency: 1, clock });
  await expect(ask(undefined, signal)).rejects.toThrow();
  clock.moveOn(600_000);
  const beganMs = clock.now();
  await expect(ask(undefined, signal)).rejects.toThrow();
  expect(clock.now() - beganMs).toBeGreaterThan(60_000);
});

test.each([
  { name: "what will not pass", how: () => failure(400, { retryable: false }) },
  { name: "a wait that is longer than a run", how: () => failure(429, { retryAfterMs: 3_600_000 }) },
  { name: "a bug of ours", how: () => new TypeError("undefined is not a function") },
])("$name is asked once", async ({ how }) => {
  const clock = aClock();
  const { attempt, asked } = awayUntil(1, clock, how);
  await expect(limited(attempt, { clock })(undefined, signal)).rejects.toThrow();
  expect({ times: asked.times, ms: clock.now() }).toEqual({ times: 1, ms: 0 });
});

test("a run that was given up asks nothing more", async () => {
  const { attempt, asked } = awayUntil(0, aClock());
  await expect(limited(attempt, {})(undefined, AbortSignal.abort(new Error("over")))).rejects.toThrow("over");
  expect(asked.times).toBe(0);
});
