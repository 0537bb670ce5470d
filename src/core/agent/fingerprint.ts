import { canonicalJson, jsonObject } from "../json.ts";
import type { Agent } from "./agent.ts";

/** Names the content of an agent: equal exactly where its model would receive the same, whatever the agent is called. */
export function agentFingerprint(agent: Agent, hash: (text: string) => string): string {
  const { name: _, ...received } = agent;
  // Undefined members are no difference to the model and no JSON, so they are dropped on the way.
  return hash(canonicalJson(jsonObject.parse(JSON.parse(JSON.stringify(received)))));
}
