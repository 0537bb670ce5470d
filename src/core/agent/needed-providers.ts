import { type Agent, isDeclarative } from "./agent.ts";
import type { Provider } from "./named-model.ts";

/** Lists the providers whose models an agent and those that it may hand over to are asked of; none where it runs elsewhere. */
export function neededProviders(agents: ReadonlyMap<string, Agent>, name: string): ReadonlySet<Provider> {
  const reached = new Set([name]);
  const providers = new Set<Provider>();
  // The set grows while it is walked; every agent joins it once at most.
  for (const one of reached) {
    const agent = agents.get(one);
    if (agent === undefined || !isDeclarative(agent)) continue;
    providers.add(agent.target);
    for (const next of Object.values(agent.handoffs)) reached.add(next);
  }
  return providers;
}
