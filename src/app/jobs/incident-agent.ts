import type { Agent } from "../../core/agent/agent.ts";
import type { Postmortem } from "../../core/incident/postmortem.ts";
import type { Problem } from "../../core/problem.ts";
import type { Ground } from "./ground.ts";

/** The agent that the incident is about: the one it names, or the only one there is. */
export function agentOf(postmortem: Postmortem, ground: Ground): Agent | undefined {
  const name = agentNameOf(postmortem, ground);
  return name === undefined ? undefined : ground.catalog.agents.get(name);
}

function agentNameOf(postmortem: Postmortem, ground: Ground): string | undefined {
  const names = Object.keys(ground.config.agents);
  const named = names.find((name) => name.toLowerCase() === postmortem.agent?.toLowerCase());
  return named ?? (names.length === 1 ? names[0] : undefined);
}

/** Why the agent cannot be run at this commit. */
export function agentProblems(postmortem: Postmortem, ground: Ground): readonly Problem[] {
  const name = agentNameOf(postmortem, ground) ?? "";
  return (ground.catalog.problems.get(name) ?? []).map((problem) => ({
    ...problem,
    at: `agents.${name}: ${problem.at}`,
  }));
}
