import type { DeclarativeAgent } from "../agent/agent.ts";
import type { ChatRequest, Turn } from "../agent/chat.ts";
import type { Fixture } from "../fixture/fixture.ts";

/** Writes the next request to the agent's model: its own prompt and tools, the fixture's context, and what was said so far. */
export function draftRequest(agent: DeclarativeAgent, fixture: Fixture, turns: readonly Turn[]): ChatRequest {
  return {
    provider: agent.target,
    model: agent.model,
    parameters: agent.parameters,
    system: [agent.system, contextBlock(agent, fixture)].filter((part) => part !== ""),
    turns,
    tools: agent.tools,
  };
}

/** Turns the fixture's messages into the beginning of the conversation. */
export function openingTurns(fixture: Fixture): readonly Turn[] {
  return fixture.input.messages.map(({ role, content }) => ({
    role,
    parts: [{ kind: "text", text: content }],
  }));
}

function contextBlock(agent: DeclarativeAgent, fixture: Fixture): string {
  const { documents, memory, state } = fixture.input.context;
  const parts: string[] = [];
  if (memory.length > 0) parts.push(["# Memory", ...memory.map((record) => `- ${record}`)].join("\n"));
  if (Object.keys(state).length > 0) parts.push(`# State\n${JSON.stringify(state)}`);
  if (documents.length > 0 && agent.retrieval === undefined) {
    parts.push(`# Documents\n${JSON.stringify(documents)}`);
  }
  return parts.join("\n\n");
}
