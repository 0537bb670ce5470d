import type { AgentConfig, Config } from "./config.ts";

/**
 * Joins the two halves of a configuration: how to judge from the default branch, what is judged from the commit.
 * An agent that the default branch does not know brings its own `changes`; one that the commit lacks is gone.
 */
export function combineConfigs(judging: Config, judged: Config): Config {
  const agents = Object.entries(judged.agents).map(
    ([name, agent]) => [name, judgedBy(ownAgent(judging, name), agent)] as const,
  );
  return { ...judging, agents: Object.fromEntries(agents) };
}

function judgedBy(judging: AgentConfig | undefined, judged: AgentConfig): AgentConfig {
  if (judging === undefined) return judged;
  return { ...judged, target: judging.target, changes: judging.changes };
}

function ownAgent(config: Config, name: string): AgentConfig | undefined {
  return Object.hasOwn(config.agents, name) ? config.agents[name] : undefined;
}
