import { readFindings, writeFindings } from "../../src/core/report/keep-findings.ts";
import type { FixtureOutcomes } from "../../src/ports/fixture-outcomes.ts";
import type {
  FindingRecords,
  GateRun,
  GateRuns,
  Generation,
  Generations,
  HeldFixture,
  HeldFixtures,
  IncidentRecord,
  IncidentRecords,
  LastConfigs,
} from "../../src/ports/records.ts";
import type { ReportPage, ReportPages } from "../../src/ports/report-pages.ts";
import type { SetupRecord, Setups } from "../../src/ports/setups.ts";
import { type FakeDecisions, fakeDecisions, fakeFixtureOutcomes } from "./fake-decisions.ts";

/** What is remembered, as plain data. */
export interface FakeRecords {
  readonly decisions: FakeDecisions;
  readonly outcomes: FixtureOutcomes;
  readonly incidents: IncidentRecords & { readonly kept: Map<string, IncidentRecord> };
  readonly gateRuns: GateRuns & { readonly kept: Map<string, GateRun> };
  readonly findings: FindingRecords;
  readonly lastConfigs: LastConfigs;
  readonly heldFixtures: HeldFixtures;
  readonly generations: Generations;
  readonly setups: Setups & { readonly kept: Map<string, SetupRecord> };
  readonly reportPages: ReportPages & { readonly kept: Map<string, ReportPage> };
}

/** A memory of everything, empty at first. */
export function fakeRecords(): FakeRecords {
  const gateRuns = fakeGateRuns();
  return {
    decisions: fakeDecisions(),
    outcomes: fakeFixtureOutcomes(),
    incidents: fakeIncidents(),
    gateRuns,
    findings: fakeFindings(gateRuns),
    lastConfigs: fakeLastConfigs(),
    heldFixtures: fakeHeldFixtures(),
    generations: fakeGenerations(),
    setups: fakeSetups(),
    reportPages: fakeReportPages(),
  };
}

function fakeSetups(): FakeRecords["setups"] {
  const kept = new Map<string, SetupRecord>();
  return {
    kept,
    fetchSetup: async (repo) => kept.get(repo),
    saveSetup: async (record) => void kept.set(record.repo, record),
    countProposed: async (installationId, since) =>
      [...kept.values()].filter(
        (one) => one.installationId === installationId && (one.proposedAt?.getTime() ?? 0) > since.getTime(),
      ).length,
  };
}

function fakeReportPages(): FakeRecords["reportPages"] {
  const kept = new Map<string, ReportPage>();
  return {
    kept,
    savePage: async (page) => void kept.set(page.id, page),
    async fetchPage(id, madeSince) {
      const page = kept.get(id);
      return page === undefined || page.madeAt.getTime() < madeSince.getTime() ? undefined : page.html;
    },
    async prunePages(before) {
      const old = [...kept.values()].filter(({ madeAt }) => madeAt.getTime() < before.getTime());
      for (const { id } of old) kept.delete(id);
      return old.length;
    },
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

/** As JSON, so that what JSON does not hold is missed here too. */
function fakeFindings({ kept }: FakeRecords["gateRuns"]): FindingRecords {
  const texts = new Map<string, string>();
  return {
    async saveFindings(runId, findings) {
      if (!kept.has(runId)) throw new Error(`there is no run ${runId}`);
      texts.set(runId, writeFindings(findings));
    },
    async fetchFindings(runId) {
      const text = kept.has(runId) ? texts.get(runId) : undefined;
      return text === undefined ? undefined : readFindings(text);
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
  const kept = new Map<string, Generation & { readonly touchedAt: number }>();
  const none = { count: 0, toldAt: undefined, editedBy: undefined };
  return {
    bumpGeneration: async (repo, number, { toldAt, editedBy } = {}) => {
      const known = kept.get(`${repo}#${number}`) ?? none;
      const count = known.count + 1;
      const newest = Math.max(known.toldAt?.getTime() ?? 0, toldAt?.getTime() ?? 0);
      kept.set(`${repo}#${number}`, {
        count,
        toldAt: newest === 0 ? undefined : new Date(newest),
        editedBy: editedBy ?? known.editedBy,
        touchedAt: Date.now(),
      });
      return count;
    },
    fetchGeneration: async (repo, number) => {
      const { count, toldAt, editedBy } = kept.get(`${repo}#${number}`) ?? none;
      return { count, toldAt, editedBy };
    },
    async pruneUntouched(before) {
      const old = [...kept].filter(([, { touchedAt }]) => touchedAt < before.getTime());
      for (const [key] of old) kept.delete(key);
      return old.length;
    },
  };
}
