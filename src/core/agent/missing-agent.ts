import type { Agent } from "./agent.ts";

/** Names the first agent that is not there among an agent and all those it may hand over to. */
export function missingAgent(agents: ReadonlyMap<string, Agent>, name: string): string | undefined {
  const seen = new Set<string>();
  const waiting = [name];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    const agent = agents.get(next);
    if (agent === undefined) return next;
    waiting.push(...Object.values(agent.handoffs));
  }
  return undefined;
}
