import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { postgresDecisions } from "../../src/adapters/postgres/decisions.ts";
import { postgresFixtureOutcomes } from "../../src/adapters/postgres/fixture-outcomes.ts";
import { CHECK_NAMES } from "../../src/core/report/check-run.ts";
import type { Decision, Decisions, OverrideDecision } from "../../src/ports/decisions.ts";
import type { FixtureOutcome, FixtureOutcomes } from "../../src/ports/fixture-outcomes.ts";
import { reachableEngines } from "../build/databases.ts";
import { fakeDecisions, fakeFixtureOutcomes } from "../build/fake-decisions.ts";

interface Store {
  readonly decisions: Decisions;
  readonly outcomes: FixtureOutcomes;
  remove(): Promise<void>;
}

const REPO = "acme/refunds";
const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));
const decided = { repo: REPO, actor: "olga", as: "@acme/release-authority", reason: "A reason", at: at(1) };

const override: OverrideDecision = {
  ...decided,
  kind: "override",
  id: "comment-1",
  pullRequest: 7,
  headSha: "head",
  base: "main",
  hides: [{ check: CHECK_NAMES.blocking, on: "fixture asks-first", says: "regressed" }],
  expiresAt: at(30),
};
const quarantine = {
  ...decided,
  kind: "quarantine",
  id: "q1",
  fixture: "asks-first",
  expiresAt: at(20),
} as const;
const triage = { ...decided, kind: "triage", id: "t1", issue: 12, level: "skip", facts: "f1" } as const;

const memory = {
  name: "memory",
  open: async (): Promise<Store> => ({
    decisions: fakeDecisions(),
    outcomes: fakeFixtureOutcomes(),
    remove: async () => undefined,
  }),
};
const engines = (await reachableEngines()).map((engine) => ({
  name: engine.name,
  async open(): Promise<Store> {
    const { database, remove } = await engine.open();
    const { kysely } = database;
    return { decisions: postgresDecisions(kysely), outcomes: postgresFixtureOutcomes(kysely), remove };
  },
}));

describe.each([...engines, memory])("on $name", ({ open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.remove());

  test.each<Decision>([
    override,
    { ...decided, kind: "release_override", id: "r1", issue: 3, headSha: "head", expiresAt: at(2) },
    quarantine,
    triage,
  ])("a decision of the kind $kind comes back as it was, and the first stays", async (decision) => {
    const { decisions } = store;
    expect(await decisions.saveDecision(decision)).toBe("saved");
    expect(await decisions.saveDecision({ ...decision, reason: "Another" })).toBe("known");
    expect(await decisions.fetchDecision(REPO, decision.id)).toEqual(decision);
    expect(await decisions.fetchDecision("acme/other", decision.id)).toBeUndefined();
  });

  test("overrides are found by their commit, the newest first", async () => {
    const { decisions } = store;
    await decisions.saveDecision({ ...override, id: "comment-2", at: at(5) });
    await decisions.saveDecision({ ...override, id: "comment-3", headSha: "other" });
    const found = await decisions.searchOverrides(REPO, "head");
    expect(found.map(({ id }) => id)).toEqual(["comment-2", expect.any(String), expect.any(String)]);
    expect(await decisions.searchOverrides("acme/other", "head")).toEqual([]);
  });

  test("quarantines are found until they end", async () => {
    const { decisions } = store;
    await decisions.saveDecision({ ...quarantine, id: "q2", at: at(9), expiresAt: at(40) });
    expect((await decisions.searchQuarantines(REPO, at(19))).map(({ id }) => id)).toEqual(["q2", "q1"]);
    expect((await decisions.searchQuarantines(REPO, at(20))).map(({ id }) => id)).toEqual(["q2"]);
    expect(await decisions.searchQuarantines("acme/other", at(1))).toEqual([]);
  });

  test("the newest triage of an incident counts", async () => {
    const { decisions } = store;
    await decisions.saveDecision({ ...triage, id: "t2", at: at(9), level: "blocking" });
    expect(await decisions.fetchTriage(REPO, 12)).toMatchObject({ id: "t2", level: "blocking" });
    expect(await decisions.fetchTriage(REPO, 13)).toBeUndefined();
  });

  test("a fixture wavers on the commits on which its trials came out both ways, in one run or over several", async () => {
    const { outcomes } = store;
    const one = (sha: string, passed: number, failed: number): FixtureOutcome => ({
      fixtureId: "asks-first",
      side: "candidate",
      sha,
      count: { passed, failed },
    });
    await outcomes.saveOutcomes(REPO, "run-1", [one("a", 3, 2)], at(1));
    await outcomes.saveOutcomes(REPO, "run-2", [one("b", 1, 0)], at(2));
    await outcomes.saveOutcomes(
      REPO,
      "run-3",
      [one("b", 0, 1), { ...one("c", 5, 0), side: "baseline" }],
      at(3),
    );
    await outcomes.saveOutcomes(REPO, "run-3", [one("b", 0, 1)], at(3));
    await outcomes.saveOutcomes(REPO, "run-4", [one("d", 0, 5)], at(4));
    // One trial says nothing of another.
    await outcomes.saveOutcomes(REPO, "run-5", [one("e", 0, 1)], at(5));
    expect(await outcomes.searchWavering(REPO, ["asks-first", "none"], at(0))).toEqual([
      { fixtureId: "asks-first", side: "baseline", commits: 1, both: 0 },
      { fixtureId: "asks-first", side: "candidate", commits: 3, both: 2 },
    ]);
    expect(await outcomes.searchWavering(REPO, ["asks-first"], at(4))).toEqual([
      { fixtureId: "asks-first", side: "candidate", commits: 1, both: 0 },
    ]);
    expect(await outcomes.searchWavering(REPO, [], at(0))).toEqual([]);
    expect(await outcomes.pruneOutcomes(at(4))).toBe(4);
  });
});
