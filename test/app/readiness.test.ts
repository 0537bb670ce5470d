import { expect, test } from "@jest/globals";
import { readiness } from "../../src/app/readiness.ts";
import type { StoreFigures } from "../../src/ports/figures.ts";
import { theFigures } from "../build/figures.ts";

/** A process whose store and GitHub work unless they are said to fail. */
function aProcess(
  failing: { readonly store?: boolean; readonly gitHub?: boolean } = {},
  figures?: StoreFigures,
) {
  const beats: string[] = [];
  const clock = { at: new Date("2026-11-21T10:00:00.000Z") };
  const fetchReasonsNotReady = readiness({
    async writeHeartbeat(at) {
      beats.push(at.toISOString());
      if (failing.store === true) throw new Error("read-only transaction");
    },
    async fetchIdentity() {
      if (failing.gitHub === true) throw new Error("401");
    },
    fetchFigures: async () => figures,
    now: () => clock.at,
  });
  return { beats, clock, fetchReasonsNotReady };
}

test.each([
  { failing: {}, reasons: [] },
  { failing: { store: true }, reasons: ["the store cannot be written"] },
  { failing: { gitHub: true }, reasons: ["GitHub has not accepted the App's key"] },
  {
    failing: { store: true, gitHub: true },
    reasons: ["the store cannot be written", "GitHub has not accepted the App's key"],
  },
])("with $failing failing the reasons are $reasons", async ({ failing, reasons }) => {
  expect(await aProcess(failing).fetchReasonsNotReady()).toEqual(reasons);
});

test("however often it is asked, the store is written once a second at most", async () => {
  const { beats, clock, fetchReasonsNotReady } = aProcess();
  await Promise.all([fetchReasonsNotReady(), fetchReasonsNotReady()]);
  clock.at = new Date("2026-11-21T10:00:00.999Z");
  await fetchReasonsNotReady();
  clock.at = new Date("2026-11-21T10:00:01.000Z");
  await fetchReasonsNotReady();
  expect(beats).toEqual(["2026-11-21T10:00:00.000Z", "2026-11-21T10:00:01.000Z"]);
});

const due = (at: string) => [{ job: "gate-pull-request", waiting: 1, running: 4, oldestDueAt: new Date(at) }];

test.each([
  ["a queue that keeps up", theFigures(), []],
  ["a job that is due for half an hour", theFigures({ queues: due("2026-11-21T09:30:00Z") }), []],
  [
    "a job that is due for longer",
    theFigures({ queues: due("2026-11-21T09:28:59Z") }),
    ["a job gate-pull-request has been due for 31 minutes"],
  ],
  [
    "a delivery that nobody handles",
    theFigures({ oldestWaitingDeliveryAt: new Date("2026-11-21T09:50:00Z") }),
    ["a delivery has been waiting for 10 minutes"],
  ],
] as const)("with %s the reasons are as they should be", async (_what, figures, reasons) => {
  expect(await aProcess({}, figures).fetchReasonsNotReady()).toEqual(reasons);
});
