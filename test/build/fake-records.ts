import type { FixtureOutcomes } from "../../src/ports/fixture-outcomes.ts";
import type {
  GateRun,
  GateRuns,
  Generations,
  HeldFixture,
  HeldFixtures,
  IncidentRecord,
  IncidentRecords,
  LastConfigs,
} from "../../src/ports/records.ts";
import { type FakeDecisions, fakeDecisions, fakeFixtureOutcomes } from "./fake-decisions.ts";

/** What is remembered, as plain data. */
export interface FakeRecords {
  readonly decisions: FakeDecisions;
  readonly outcomes: FixtureOutcomes;
  readonly incidents: IncidentRecords & { readonly kept: Map<string, IncidentRecord> };
  readonly gateRuns: GateRuns & { readonly kept: Map<string, GateRun> };
  readonly lastConfigs: LastConfigs;
  readonly heldFixtures: HeldFixtures;
  readonly generations: Generations;
}

/** A memory of everything, empty at first. */
export function fakeRecords(): FakeRecords {
  return {
    decisions: fakeDecisions(),
    outcomes: fakeFixtureOutcomes(),
    incidents: fakeIncidents(),
    gateRuns: fakeGateRuns(),
    lastConfigs: fakeLastConfigs(),
    heldFixtures: fakeHeldFixtures(),
    generations: fakeGenerations(),
  };
}

function fakeIncidents(): FakeRecords["incidents"] {
  const kept = new Map<string, IncidentRecord>();
  return {
    kept,
    fetchIncident: async (repo, issue) => kept.get(`${repo}#${issue}`),
    saveIncident: async (record) => void kept.set(`${record.repo}#${record.issue}`, record),
  };
}

function fakeGateRuns(): FakeRecords["gateRuns"] {
  const kept = new Map<string, GateRun>();
  const oldestFirst = () =>
    [...kept.values()].sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime());
  return {
    kept,
    saveRun: async (run) => {
      const createdAt = kept.get(run.id)?.createdAt ?? run.createdAt;
      kept.set(run.id, { ...run, createdAt });
    },
    searchRunning: async () => oldestFirst().filter(({ state }) => state === "running"),
    searchByHead: async (repo, headSha) =>
      oldestFirst()
        .filter((run) => run.repo === repo && run.headSha === headSha)
        .reverse(),
    searchByPullRequest: async (repo, pullRequest) =>
      oldestFirst()
        .filter((run) => run.repo === repo && run.pullRequest === pullRequest)
        .reverse(),
    async pruneOver(before) {
      const over = [...kept.values()].filter(
        ({ state, updatedAt }) => state !== "running" && updatedAt.getTime() < before.getTime(),
      );
      for (const { id } of over) kept.delete(id);
      return over.length;
    },
  };
}

function fakeLastConfigs(): LastConfigs {
  const kept = new Map<string, string>();
  return {
    fetchLastConfig: async (repo) => kept.get(repo),
    saveLastConfig: async (repo, text) => void kept.set(repo, text),
  };
}

function fakeHeldFixtures(): HeldFixtures {
  const kept = new Map<string, Map<string, HeldFixture>>();
  return {
    searchHeld: async (repo) =>
      [...(kept.get(repo)?.values() ?? [])].sort((one, other) =>
        one.fixtureId.localeCompare(other.fixtureId, "en"),
      ),
    saveHeld: async (repo, held) => {
      const known = kept.get(repo) ?? new Map<string, HeldFixture>();
      for (const one of held) if (!known.has(one.fixtureId)) known.set(one.fixtureId, one);
      kept.set(repo, known);
    },
  };
}

function fakeGenerations(): Generations {
  const numbers = new Map<string, number>();
  return {
    bumpGeneration: async (repo, pullRequest) => {
      const number = (numbers.get(`${repo}#${pullRequest}`) ?? 0) + 1;
      numbers.set(`${repo}#${pullRequest}`, number);
      return number;
    },
    fetchGeneration: async (repo, pullRequest) => numbers.get(`${repo}#${pullRequest}`) ?? 0,
  };
}
