import type { Agent } from "../../core/agent/agent.ts";
import type { Config } from "../../core/config/config.ts";
import type { Fixture } from "../../core/fixture/fixture.ts";
import { assertionsOf } from "../../core/grading/assertions.ts";
import { JUDGE_PROMPT_VERSION } from "../../core/grading/judge-prompt.ts";
import type { SuiteSetting } from "../../core/suite/run-suite.ts";
import { createTrialKeys } from "../../core/trial/trial-key.ts";
import { isBelieved } from "../../core/verdict/earlier-side.ts";
import { VERSION } from "../version.ts";
import type { JobDeps } from "./deps.ts";

/** Names what a fixture comes to on an agent by all that decides it; undefined where that cannot be known. */
export type ResultDigest = (agents: ReadonlyMap<string, Agent>, fixture: Fixture) => string | undefined;

/** Makes digests of results: the agents that the fixture reaches, the fixture whole, the judge, and our own version. */
export function resultDigests(config: Config, digest: JobDeps["digest"]): ResultDigest {
  const keys = createTrialKeys(digest, VERSION);
  return (agents, fixture) => {
    if (!keys.isRepeatable({ agents, fixture, assertions: assertionsOf(fixture) })) return undefined;
    return digest(
      JSON.stringify([
        keys.keyOf({ agents, fixture }, 0),
        fixture,
        config.judge,
        JUDGE_PROMPT_VERSION,
        config.gate.trials,
      ]),
    );
  };
}

/** Finds what the default branch's own runs said of a baseline within the last day. */
export async function earlierResults(
  repo: string,
  { config, agents }: { readonly config: Config; readonly agents: ReadonlyMap<string, Agent> },
  { branchResults, digest, now }: Pick<JobDeps, "branchResults" | "digest" | "now">,
): Promise<NonNullable<SuiteSetting["earlierOf"]>> {
  const at = now();
  const results = (await branchResults.searchResults(repo)).filter((result) => isBelieved(result, at));
  const byFixture = new Map(results.map((result) => [result.fixtureId, result]));
  const digestOf = resultDigests(config, digest);
  return ({ file: { fixture } }) => {
    const known = byFixture.get(fixture.id);
    if (known === undefined || known.digest !== digestOf(agents, fixture)) return undefined;
    const { outcome, passed, failed, at: ranAt } = known;
    return { outcome, passed, failed, at: ranAt };
  };
}
