import { expect, test } from "@jest/globals";
import { readiness } from "../../src/app/readiness.ts";

/** A process whose store and GitHub work unless they are said to fail. */
function aProcess(failing: { readonly store?: boolean; readonly gitHub?: boolean } = {}) {
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
