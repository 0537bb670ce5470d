import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { operations } from "../../src/app/dashboard/operations.ts";
import { dashboardPages } from "../../src/app/dashboard/pages.ts";
import { type Front, startFront } from "../../src/app/http-front.ts";
import { knownSecrets } from "../../src/app/known-secrets.ts";
import { callCommandLine } from "../build/command-line.ts";
import { type FakeDeadLetters, fakeDeadLetters } from "../build/fake-dead-letters.ts";
import { theFigures } from "../build/figures.ts";
import { aGateJob } from "../build/job-world.ts";
import { aReadableLog } from "../build/log.ts";

const ADMIN_TOKEN = "0f3c5a79b1d2e4f60718293a4b5c6d7e";
const NOW = new Date("2026-11-21T10:00:00Z");

let deadLetters: FakeDeadLetters = fakeDeadLetters();
let front: Front;

beforeEach(() => {
  deadLetters = fakeDeadLetters();
});

beforeAll(async () => {
  front = await startFront({
    host: "127.0.0.1",
    port: 0,
    webhooks: undefined,
    fetchReasonsNotReady: async () => [],
    pages: dashboardPages({
      adminToken: ADMIN_TOKEN,
      facts: {
        version: "0.1.0",
        role: "all",
        startedAt: NOW,
        store: "a store",
        gitHubUrl: "https://api.github.com",
      },
      operations: () =>
        operations({
          deadLetters,
          queue: { enqueue: async () => "queued" },
          wake: () => undefined,
          fetchFigures: async () => theFigures(),
          fetchLogin: async () => undefined,
          now: () => NOW,
        }),
      fetchReasonsNotReady: async () => [],
      secrets: knownSecrets([]),
      now: () => NOW,
    }),
    log: aReadableLog().log,
    now: () => NOW,
  });
});

afterAll(() => front.stop());

function jobs(args: readonly string[], environment: Readonly<Record<string, string>> = { ADMIN_TOKEN }) {
  return callCommandLine(["jobs", ...args, "--server", front.url], { folder: "/", environment });
}

async function giveUp(count: number): Promise<void> {
  for (let number = 1; number <= count; number++)
    await deadLetters.saveGivenUp({
      id: `job-${number}`,
      kind: "gate-pull-request",
      place: `acme/agent#${number}`,
      job: aGateJob(number),
      because: "GitHub: no\nanswer",
      attempts: 8,
      at: NOW,
    });
}

test("lists what was given up, each with its id, place and reason", async () => {
  await giveUp(1);
  expect(await jobs([])).toEqual({
    code: 0,
    said: "",
    printed:
      "job-1\n  gate-pull-request · acme/agent#1 · tried 8 times, given up 2026-11-21T10:00:00.000Z\n" +
      "  GitHub: no answer\n1 given up\n",
  });
});

test("says so where nothing was given up", async () => {
  expect(await jobs([])).toMatchObject({ code: 0, printed: "nothing was given up\n" });
  expect(await jobs(["retry", "--all"])).toMatchObject({ code: 0, printed: "nothing was given up\n" });
});

test("has named ones tried again, and says which are not on the list", async () => {
  await giveUp(2);
  expect(await jobs(["retry", "job-2", "job-9"])).toEqual({
    code: 1,
    printed: "job-2: tried again\n",
    said: "job-9: There is no such thing on the list: somebody may have been faster.\n",
  });
  expect((await deadLetters.searchOpen(9)).letters.map(({ id }) => id)).toEqual(["job-1"]);
  expect(deadLetters.decisions).toMatchObject([{ id: "job-2", by: "the command line" }]);
});

test("has all of them tried again, also those that one list does not hold", async () => {
  await giveUp(230);
  const { code } = await jobs(["retry", "--all"]);
  expect(code).toBe(0);
  expect((await deadLetters.searchOpen(1)).total).toBe(0);
});

test.each([
  ["without ids", ["retry"], "retry` with ids or --all"],
  ["with ids and --all", ["retry", "job-1", "--all"], "retry` with ids or --all"],
  ["with --all alone", ["--all"], "retry` with ids or --all"],
  ["with another action", ["remove", "job-1"], "retry` with ids or --all"],
  ["with what is no id", ["retry", "../x"], "retry` with ids or --all"],
])("called %s it says how it is meant", async (_how, args, said) => {
  const called = await jobs(args);
  expect(called.code).toBe(2);
  expect(called.said).toContain(said);
});

test("without ADMIN_TOKEN it asks for it, and with another one it is refused", async () => {
  expect(await jobs([], {})).toMatchObject({
    code: 2,
    said: expect.stringContaining("ADMIN_TOKEN is not set"),
  });
  expect(await jobs([], { ADMIN_TOKEN: "guess" })).toMatchObject({
    code: 3,
    said: expect.stringContaining("does not take this ADMIN_TOKEN"),
  });
});

test("a server that is not there is named", async () => {
  const terminal = { folder: "/", environment: { ADMIN_TOKEN } };
  const called = await callCommandLine(["jobs", "--server", "http://127.0.0.1:9"], terminal);
  expect(called).toMatchObject({
    code: 3,
    said: expect.stringContaining("http://127.0.0.1:9 cannot be asked"),
  });
});
