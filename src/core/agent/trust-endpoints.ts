import type { Config } from "../config/config.ts";
import type { Agent, AgentCatalog } from "./agent.ts";

/**
 * Takes the address away from every agent whose address does not stand on the default branch: cases and tokens go
 * nowhere that only a pull request, or the commit that an incident names, asks for.
 */
export function trustEndpoints(catalog: AgentCatalog, trusted: Config | undefined): AgentCatalog {
  const agents = [...catalog.agents].map(([name, agent]) => [name, withTrusted(agent, trusted)] as const);
  return { ...catalog, agents: new Map(agents) };
}

function withTrusted(agent: Agent, trusted: Config | undefined): Agent {
  if (agent.target !== "http") return agent;
  const agents = trusted?.agents ?? {};
  const known = Object.hasOwn(agents, agent.name) ? agents[agent.name] : undefined;
  return { ...agent, endpoint: known?.target === "http" ? known.endpoint : undefined };
}
