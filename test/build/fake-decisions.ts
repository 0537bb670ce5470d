import type { Decision, Decisions, QuarantineDecision, TriageDecision } from "../../src/ports/decisions.ts";
import type { FixtureOutcome, FixtureOutcomes } from "../../src/ports/fixture-outcomes.ts";

/** What people decided, as plain data. */
export interface FakeDecisions extends Decisions {
  readonly kept: Decision[];
}

/** A memory of decisions, empty at first. */
export function fakeDecisions(): FakeDecisions {
  const kept: Decision[] = [];
  const newestFirst = (repo: string) =>
    kept
      .filter((decision) => decision.repo === repo)
      .sort((one, other) => other.at.getTime() - one.at.getTime());
  return {
    kept,
    async saveDecision(decision) {
      if (kept.some(({ repo, id }) => repo === decision.repo && id === decision.id)) return "known";
      kept.push(decision);
      return "saved";
    },
    fetchDecision: async (repo, id) => kept.find((one) => one.repo === repo && one.id === id),
    searchOverrides: async (repo, headSha) =>
      newestFirst(repo).filter(
        (one) => (one.kind === "override" || one.kind === "release_override") && one.headSha === headSha,
      ) as Awaited<ReturnType<Decisions["searchOverrides"]>>,
    searchQuarantines: async (repo, notEndedAt) =>
      newestFirst(repo)
        .filter((one): one is QuarantineDecision => one.kind === "quarantine")
        .filter(({ expiresAt }) => expiresAt.getTime() > notEndedAt.getTime()),
    fetchTriage: async (repo, issue) =>
      newestFirst(repo).find((one): one is TriageDecision => one.kind === "triage" && one.issue === issue),
  };
}

interface Noted extends FixtureOutcome {
  readonly repo: string;
  readonly runId: string;
  readonly at: Date;
}

/** A memory of how trials came out, empty at first. */
export function fakeFixtureOutcomes(): FixtureOutcomes {
  const kept = new Map<string, Noted>();
  return {
    async saveOutcomes(repo, runId, outcomes, at) {
      for (const outcome of outcomes) {
        const key = JSON.stringify([repo, outcome.fixtureId, runId, outcome.side]);
        kept.set(key, { ...outcome, repo, runId, at });
      }
    },
    async searchWavering(repo, fixtureIds, since) {
      const counted = [...kept.values()].filter(
        (one) => one.repo === repo && fixtureIds.includes(one.fixtureId) && one.at >= since,
      );
      const sides = Map.groupBy(counted, ({ fixtureId, side }) => `${fixtureId} ${side}`);
      return [...sides.entries()]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .flatMap(([, rows]) => {
          const [first] = rows;
          const commits = [...Map.groupBy(rows, ({ sha }) => sha).values()]
            .map((of) => ({
              passed: of.reduce((sum, { count }) => sum + count.passed, 0),
              failed: of.reduce((sum, { count }) => sum + count.failed, 0),
            }))
            .filter(({ passed, failed }) => passed + failed > 1);
          if (first === undefined || commits.length === 0) return [];
          const both = commits.filter(({ passed, failed }) => passed > 0 && failed > 0).length;
          return [{ fixtureId: first.fixtureId, side: first.side, commits: commits.length, both }];
        });
    },
    async pruneOutcomes(before) {
      const old = [...kept].filter(([, { at }]) => at < before);
      for (const [key] of old) kept.delete(key);
      return old.length;
    },
  };
}
