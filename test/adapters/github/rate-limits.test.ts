import { expect, test } from "@jest/globals";
import { RateLimited, RateLimits } from "../../../src/adapters/github/rate-limits.ts";

const MINUTE_MS = 60_000;

function aRefusal(status: number, headers: Record<string, string> = {}, message = "secondary rate limit") {
  return Object.assign(new Error(message), {
    name: "HttpError",
    status,
    response: { status, headers, data: { message } },
  });
}

function aGitHub() {
  let nowMs = 0;
  const asked: string[] = [];
  const limits = new RateLimits(() => nowMs);
  return {
    asked,
    pass: (ms: number) => {
      nowMs += ms;
    },
    /** Asks on behalf of somebody; answers the wait where that is limited. */
    async ask(onBehalfOf: string, refusal?: Error): Promise<number | "answered"> {
      try {
        return await limits.run(onBehalfOf, async () => {
          asked.push(onBehalfOf);
          if (refusal !== undefined) throw refusal;
          return "answered" as const;
        });
      } catch (failure) {
        if (failure instanceof RateLimited) return failure.waitMs;
        throw failure;
      }
    },
  };
}

test("while one is limited nothing is asked for them, and others are served", async () => {
  const { ask, asked, pass } = aGitHub();
  expect(await ask("one", aRefusal(403, { "retry-after": "90" }))).toBe(90_000);
  pass(30_000);
  expect(await ask("one")).toBe(60_000);
  expect(await ask("other")).toBe("answered");
  pass(60_000);
  expect(await ask("one")).toBe("answered");
  expect(asked).toEqual(["one", "other", "one"]);
});

test("a limit without a time doubles while it goes on, and begins anew after an answer", async () => {
  const { ask, pass } = aGitHub();
  for (const minutes of [1, 2, 4, 8, 16, 32, 64, 65, 65]) {
    expect(await ask("one", aRefusal(429))).toBe(minutes * MINUTE_MS);
    pass(minutes * MINUTE_MS);
  }
  expect(await ask("one")).toBe("answered");
  expect(await ask("one", aRefusal(429))).toBe(MINUTE_MS);
});

test("requests that were under way together and are all refused count as one limit", async () => {
  const { ask, pass } = aGitHub();
  const waits = await Promise.all([ask("one", aRefusal(429)), ask("one", aRefusal(429))]);
  expect(waits).toEqual([MINUTE_MS, MINUTE_MS]);
  pass(MINUTE_MS);
  expect(await ask("one", aRefusal(429))).toBe(2 * MINUTE_MS);
});

test("an answer to what was asked before the limit does not end it", async () => {
  const { ask } = aGitHub();
  const [late, limited] = await Promise.all([ask("one"), ask("one", aRefusal(403, { "retry-after": "60" }))]);
  expect([late, limited]).toEqual(["answered", MINUTE_MS]);
  expect(await ask("one")).toBe(MINUTE_MS);
});

test.each([
  { called: "a permission that is missing", refusal: aRefusal(403, {}, "Resource not accessible") },
  { called: "what is not there", refusal: aRefusal(404) },
  { called: "a server that stumbles", refusal: aRefusal(502, { "retry-after": "60" }) },
  {
    called: "no answer",
    refusal: Object.assign(new Error("fetch failed"), { name: "HttpError", status: 500 }),
  },
  { called: "a fault of ours", refusal: new TypeError("undefined is not a function") },
])("$called is no limit", async ({ refusal }) => {
  const { ask } = aGitHub();
  await expect(ask("one", refusal)).rejects.toBe(refusal);
  expect(await ask("one")).toBe("answered");
});
