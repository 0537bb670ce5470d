import type { BranchResult, BranchResults } from "../../src/ports/branch-results.ts";
import type { Occasion, StandaloneRun, StandaloneRuns } from "../../src/ports/standalone-runs.ts";

/** What is remembered of runs that no pull request asked for, as plain data. */
export interface FakeStandaloneRecords {
  readonly standaloneRuns: StandaloneRuns & { readonly kept: Map<string, StandaloneRun> };
  readonly branchResults: BranchResults;
}

/** A memory of such runs, empty at first. */
export function fakeStandaloneRecords(): FakeStandaloneRecords {
  return { standaloneRuns: fakeRuns(), branchResults: fakeResults() };
}

function fakeRuns(): FakeStandaloneRecords["standaloneRuns"] {
  const kept = new Map<string, StandaloneRun>();
  const keyOf = ({ repo, kind, subject }: Occasion) => `${repo} ${kind} ${subject}`;
  return {
    kept,
    fetchRun: async (occasion) => kept.get(keyOf(occasion)),
    async saveRun(run) {
      const standing = kept.get(keyOf(run));
      if (standing?.state === "cancelled" && run.state !== "cancelled") return false;
      kept.set(keyOf(run), { ...run, createdAt: standing?.createdAt ?? run.createdAt });
      return true;
    },
    searchRunning: async () =>
      [...kept.values()]
        .filter(({ state }) => state === "running")
        .sort((one, other) => one.createdAt.getTime() - other.createdAt.getTime()),
    async pruneOver(before) {
      const over = [...kept].filter(([, { state, updatedAt }]) => state !== "running" && updatedAt < before);
      for (const [key] of over) kept.delete(key);
      return over.length;
    },
  };
}

function fakeResults(): BranchResults {
  const kept = new Map<string, Map<string, BranchResult>>();
  return {
    searchResults: async (repo) =>
      [...(kept.get(repo)?.values() ?? [])].sort((one, other) => (one.fixtureId < other.fixtureId ? -1 : 1)),
    async saveResults(repo, results) {
      const known = kept.get(repo) ?? new Map<string, BranchResult>();
      for (const result of results) {
        const standing = known.get(result.fixtureId);
        if (standing === undefined || standing.at <= result.at) known.set(result.fixtureId, result);
      }
      kept.set(repo, known);
    },
  };
}
