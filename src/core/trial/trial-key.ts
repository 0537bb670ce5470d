import type { Agent } from "../agent/agent.ts";
import type { Fixture } from "../fixture/fixture.ts";
import type { TrialSetting } from "./run-trial.ts";

/** Raise it with every change of what a replay does with the same agent and fixture. */
const REPLAY_VERSION = 1;

/** Targets whose files say all that the agent is; behind an endpoint or a command anything may have changed. */
const DECLARATIVE: readonly string[] = ["anthropic", "openai"];

/** Digest of a text, as hex. */
export type Digest = (text: string) => string;

/** Names trials by their content. */
export interface TrialKeys {
  /** The same for trials of the same number in which the agents, the case and its recordings are the same. */
  readonly keyOf: (setting: Pick<TrialSetting, "agents" | "fixture">, number: number) => string;
  /** Tells whether what an agent did before may stand for what it would do now. */
  readonly isRepeatable: (setting: Pick<TrialSetting, "agents" | "fixture" | "assertions">) => boolean;
}

/**
 * Makes keys of trials.
 *
 * What a fixture asserts is no part of a key, since a kept trial is always graded anew. `scope` is what else decides
 * how an agent answers: the version of the program and the addresses of its providers.
 */
export function createTrialKeys(digest: Digest, scope: string): TrialKeys {
  const byAgents = new WeakMap<ReadonlyMap<string, Agent>, Map<string, string>>();
  const digestOfAgent = (agents: ReadonlyMap<string, Agent>, name: string): string => {
    const known = byAgents.get(agents) ?? new Map<string, string>();
    byAgents.set(agents, known);
    const made = known.get(name) ?? digest(JSON.stringify(reachedFrom(agents, name)));
    known.set(name, made);
    return made;
  };
  return {
    keyOf: ({ agents, fixture }, number) =>
      digest(
        [REPLAY_VERSION, scope, digestOfAgent(agents, fixture.agent), inputText(fixture), number].join("\0"),
      ),
    isRepeatable: ({ agents, fixture, assertions }) =>
      reachedFrom(agents, fixture.agent).every(({ target }) => DECLARATIVE.includes(target)) &&
      // How long an answer took some time ago says nothing of now.
      !assertions.some(({ use }) => use.endsWith("budget-latency")),
  };
}

/** What of a fixture decides how the agent goes through it, as text; what it asserts does not. */
export function inputText({ agent, input, tools }: Pick<Fixture, "agent" | "input" | "tools">): string {
  return JSON.stringify([agent, input, tools]);
}

/** The agent and all those that it may hand over to, in an order that depends on nothing else. */
function reachedFrom(agents: ReadonlyMap<string, Agent>, name: string): readonly Agent[] {
  const reached = new Map<string, Agent>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const agent = agents.get(next);
    if (agent === undefined || reached.has(next)) continue;
    reached.set(next, agent);
    waiting.push(...Object.values(agent.handoffs));
  }
  return [...reached].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, agent]) => agent);
}
