import { type Agent, isDeclarative } from "../agent/agent.ts";
import { kindOfName, type SpanKind } from "../trajectory/trajectory.ts";

/** Lists the kinds of spans that an agent and those that it may hand over to can show at all. */
export function deliveredKinds(agents: ReadonlyMap<string, Agent>, first: Agent): ReadonlySet<SpanKind> {
  const kinds = new Set<SpanKind>(isDeclarative(first) ? ["model", "tool", "workflow"] : ["model", "tool"]);
  const reached = new Set([first]);
  for (const agent of reached) {
    for (const kind of isDeclarative(agent) ? [] : agent.delivers) kinds.add(kind);
    if (agent.retrieval !== undefined) kinds.add("retrieval");
    for (const { as } of Object.values(agent.spans)) kinds.add(kindOfName(as) ?? "tool");
    for (const name of Object.values(agent.handoffs)) {
      const next = agents.get(name);
      if (next !== undefined) reached.add(next);
    }
  }
  return kinds;
}
