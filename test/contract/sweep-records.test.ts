import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { postgresCreations } from "../../src/adapters/postgres/creations.ts";
import { postgresGateRuns } from "../../src/adapters/postgres/gate-runs.ts";
import { postgresGenerations } from "../../src/adapters/postgres/generations.ts";
import { postgresHeldFixtures } from "../../src/adapters/postgres/held-fixtures.ts";
import { postgresIncidentRecords } from "../../src/adapters/postgres/incident-records.ts";
import { postgresLastConfigs } from "../../src/adapters/postgres/last-configs.ts";
import { postgresMissedDeliveries } from "../../src/adapters/postgres/missed-deliveries.ts";
import { postgresRepositoryNames } from "../../src/adapters/postgres/repository-names.ts";
import { postgresSweepMarks } from "../../src/adapters/postgres/sweep-marks.ts";
import type { MissedDeliveries, SweepMark, SweepMarks } from "../../src/ports/sweep-records.ts";
import { reachableEngines, type TestDatabase } from "../build/databases.ts";
import { fakeSweepRecords } from "../build/fake-sweeps.ts";
import { aGateRun } from "../build/gate-runs.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));

interface SweepStore {
  readonly sweepMarks: SweepMarks;
  readonly missedDeliveries: MissedDeliveries;
  /** Has a delivery come in, and fail where that is asked for. */
  arrive(deliveryId: string, state: "processed" | "failed"): Promise<unknown>;
  remove(): Promise<void>;
}

const engines = await reachableEngines();
const memory = {
  name: "memory",
  open: async (): Promise<SweepStore> => {
    const records = fakeSweepRecords();
    return {
      ...records,
      arrive: async (id, state) => state === "processed" && records.missedDeliveries.arrived.add(id),
      remove: async () => undefined,
    };
  },
};
const stores = engines.map((engine) => ({
  name: engine.name,
  async open(): Promise<SweepStore> {
    const { database, remove } = await engine.open();
    const { kysely } = database;
    return {
      sweepMarks: postgresSweepMarks(kysely),
      missedDeliveries: postgresMissedDeliveries(kysely),
      arrive: (id, state) =>
        kysely
          .insertInto("deliveries")
          .values({ id, event: "issues", payload: "{}", received_at: at(0), state })
          .execute(),
      remove,
    };
  },
}));

describe.each([...stores, memory])("on $name", ({ open }) => {
  let store: SweepStore;

  beforeAll(async () => {
    store = await open();
  });

  afterAll(async () => {
    await store.remove();
  });

  test("how far a sweep has come is remembered, replaced and at last forgotten", async () => {
    const { sweepMarks } = store;
    const fresh: SweepMark = {
      name: "deliveries",
      sweptTo: undefined,
      wholeAt: undefined,
      rest: { from: "v1_1", sweptTo: at(1) },
      updatedAt: at(2),
    };
    expect(await sweepMarks.fetchMark("deliveries")).toBeUndefined();
    await sweepMarks.saveMark(fresh);
    expect(await sweepMarks.fetchMark("deliveries")).toEqual(fresh);
    const later = { ...fresh, sweptTo: at(3), wholeAt: at(3), rest: undefined, updatedAt: at(4) };
    await sweepMarks.saveMark(later);
    expect(await sweepMarks.fetchMark("deliveries")).toEqual(later);
    expect(await sweepMarks.pruneMarks(at(4))).toBe(0);
    expect(await sweepMarks.pruneMarks(at(5))).toBe(1);
    expect(await sweepMarks.fetchMark("deliveries")).toBeUndefined();
  });

  test("what came in and did not fail is known, whatever else was asked about", async () => {
    await store.arrive("good", "processed");
    await store.arrive("bad", "failed");
    expect(await store.missedDeliveries.searchArrived(["good", "bad", "never"])).toEqual(new Set(["good"]));
    expect(await store.missedDeliveries.searchArrived([])).toEqual(new Set());
  });

  test("a missed delivery is due until it came in or was asked for often enough", async () => {
    const { missedDeliveries } = store;
    const limits = { times: 2, rows: 10 };
    const due = async (now: Date) =>
      (await missedDeliveries.searchDue(now, limits)).map(({ deliveryId }) => deliveryId).sort();
    await missedDeliveries.saveMissed(
      [
        { deliveryId: "m1", attemptId: "1" },
        { deliveryId: "m2", attemptId: "2" },
      ],
      at(1),
    );
    await missedDeliveries.saveMissed([], at(1));
    expect(await due(at(0))).toEqual([]);
    expect(await due(at(1))).toEqual(["m1", "m2"]);
    expect(await missedDeliveries.searchDue(at(1), { ...limits, rows: 1 })).toHaveLength(1);

    await missedDeliveries.saveRequested("m1", at(5));
    await missedDeliveries.saveMissed([{ deliveryId: "m1", attemptId: "3" }], at(4));
    expect(await due(at(4))).toEqual(["m2"]);
    await store.arrive("m2", "processed");
    expect(await missedDeliveries.searchDue(at(5), limits)).toEqual([
      { deliveryId: "m1", attemptId: "3", times: 1 },
    ]);
    await missedDeliveries.saveRequested("m1", at(5));
    expect(await due(at(9))).toEqual([]);

    expect(await missedDeliveries.pruneMissed(at(1))).toBe(0);
    expect(await missedDeliveries.pruneMissed(at(2))).toBe(2);
  });
});

describe.each(engines)("repositories on $name", (engine) => {
  let store: TestDatabase;

  beforeAll(async () => {
    store = await engine.open();
  });

  afterAll(async () => {
    await store.remove();
  });

  const names = () => postgresRepositoryNames(store.database.kysely);
  const call = (id: number, name: string, formerName?: string) =>
    names().saveNames(
      [{ id, installationId: 77, name, ...(formerName === undefined ? {} : { formerName }) }],
      at(1),
    );

  /** Keeps something of every kind under a name, told apart by the letter. */
  async function keep(repo: string, letter: string): Promise<void> {
    const { kysely } = store.database;
    await postgresGateRuns(kysely).saveRun(aGateRun({ id: `${repo} ${letter}`, repo, pullRequest: 30 }));
    await postgresHeldFixtures(kysely).saveHeld(repo, [{ fixtureId: "asks-first", sha: letter, at: at(1) }]);
    const incident = { repo, issue: 12, bodyHash: letter, state: "proposed" };
    await postgresIncidentRecords(kysely).saveIncident({
      ...incident,
      lastWrittenSha: undefined,
      jobId: undefined,
      updatedAt: at(1),
    });
    await postgresLastConfigs(kysely).saveLastConfig(repo, letter);
    await postgresGenerations(kysely).bumpGeneration(repo, 30);
    await postgresCreations(kysely).noteCreated(`${repo.toLowerCase()} comment 12 incident`, letter);
  }

  /** What is kept under a name, as the letters with which it was told apart. */
  async function kept(repo: string): Promise<string> {
    const { kysely } = store.database;
    const runs = await postgresGateRuns(kysely).searchByPullRequest(repo, 30);
    const held = await postgresHeldFixtures(kysely).searchHeld(repo);
    const incident = await postgresIncidentRecords(kysely).fetchIncident(repo, 12);
    const config = await postgresLastConfigs(kysely).fetchLastConfig(repo);
    const comment = await postgresCreations(kysely).fetchCreation(
      `${repo.toLowerCase()} comment 12 incident`,
    );
    const generation = await postgresGenerations(kysely).fetchGeneration(repo, 30);
    return [
      ...runs.map(({ id }) => id.at(-1)),
      ...held.map(({ sha }) => sha),
      incident?.bodyHash ?? "-",
      config ?? "-",
      comment?.created ?? "-",
      generation.count,
    ].join(" ");
  }

  test("all that is kept of a repository goes with it when it gets another name, however often that is said", async () => {
    await call(1, "acme/one");
    await keep("acme/one", "A");
    await call(1, "zeta/first");
    await call(1, "zeta/first");
    expect(await kept("zeta/first")).toBe("A A A A A 1");
    expect(await kept("acme/one")).toBe("- - - 0");
  });

  test("what was kept before a repository was named goes with it from the name that it had", async () => {
    await keep("acme/two", "B");
    await call(2, "acme/second", "acme/two");
    expect(await kept("acme/second")).toBe("B B B B B 1");
  });

  test("a former name that another repository has by now is that one's", async () => {
    await call(3, "acme/three");
    await keep("acme/three", "C");
    await call(4, "acme/four", "acme/three");
    expect(await kept("acme/three")).toBe("C C C C C 1");
    expect(await kept("acme/four")).toBe("- - - 0");
  });

  test("a name whose letters only change their case is another name", async () => {
    await call(13, "acme/Thirteen");
    await keep("acme/Thirteen", "M");
    await call(13, "Acme/thirteen");
    expect(await kept("Acme/thirteen")).toBe("M M M M M 1");
  });

  test("two repositories that swap their names keep what is theirs, whichever is looked at first", async () => {
    await call(5, "acme/five");
    await call(6, "acme/six");
    await keep("acme/five", "E");
    await keep("acme/six", "F");
    await call(5, "acme/six");
    expect(await kept("acme/six")).toBe("E E E E E 1");
    expect(await kept("acme/five")).toBe("- - - 0");
    await call(6, "acme/five");
    expect(await kept("acme/five")).toBe("F F F F F 1");
  });

  test("what was written under the new name already is the newer", async () => {
    await call(7, "acme/seven");
    await keep("acme/seven", "G");
    await keep("acme/seventh", "H");
    await call(7, "acme/seventh");
    expect(await kept("acme/seventh")).toBe("G H H H H H 1");
  });

  test("what a job wrote under the name that it began with is taken along when it is over", async () => {
    await call(14, "acme/fourteen");
    await keep("acme/fourteen", "N");
    await call(14, "acme/newer");
    const incident = { issue: 12, bodyHash: "O", state: "proposed", lastWrittenSha: "s", jobId: "job-1" };
    const records = postgresIncidentRecords(store.database.kysely);
    await records.saveIncident({ ...incident, repo: "acme/fourteen", updatedAt: at(2) });
    await postgresHeldFixtures(store.database.kysely).saveHeld("acme/fourteen", [
      { fixtureId: "asks-first", sha: "O", at: at(2) },
      { fixtureId: "new", sha: "O", at: at(2) },
    ]);
    await names().gather(14, "acme/fourteen");
    expect(await kept("acme/newer")).toBe("N N O O N N 1");
    expect(await kept("acme/fourteen")).toBe("- - - 0");
    await names().gather(14, "acme/newer");
    expect(await kept("acme/newer")).toBe("N N O O N N 1");
  });

  test("what stands under a name that another repository has by now is left to that one", async () => {
    await call(15, "acme/fifteen");
    await call(15, "acme/fifteenth");
    await call(16, "acme/fifteen");
    await keep("acme/fifteen", "P");
    await names().gather(15, "acme/fifteen");
    expect(await kept("acme/fifteen")).toBe("P P P P P 1");
  });

  test("the number of a repository is known by its name", async () => {
    await call(17, "acme/seventeen");
    expect(await names().fetchId("acme/seventeen")).toBe(17);
    expect(await names().fetchId("acme/nobody")).toBeUndefined();
  });

  test("repositories are listed by their installation, without those whose name another took", async () => {
    await names().saveNames([{ id: 8, installationId: 78, name: "acme/eight" }], at(1));
    await names().saveNames([{ id: 9, installationId: 78, name: "acme/nine" }], at(1));
    await names().saveNames([{ id: 10, installationId: 79, name: "acme/nine" }], at(1));
    expect(await names().searchByInstallation(78)).toEqual([
      { id: 8, installationId: 78, name: "acme/eight" },
    ]);
  });

  test("what is kept of a repository that nobody named for long is removed, and of no other", async () => {
    const days = (count: number) => new Date(at(1).getTime() + count * 24 * 60 * 60 * 1_000);
    await call(11, "acme/gone");
    await call(12, "acme/there");
    await keep("acme/gone", "K");
    await keep("acme/there", "L");
    await names().saveNames([{ id: 12, installationId: 77, name: "acme/there" }], days(9));
    expect(await names().pruneUnnamed(days(5))).toBeGreaterThan(0);
    expect(await kept("acme/gone")).toBe("- - - 0");
    expect(await kept("acme/there")).toBe("L L L L L 1");
  });
});
