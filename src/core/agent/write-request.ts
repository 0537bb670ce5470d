import type { Fixture } from "../fixture/fixture.ts";
import type { Recording } from "../fixture/recording.ts";
import type { OutsideAgent } from "./agent.ts";
import { type AgentRequest, CONTRACT_VERSION, type SentRecording } from "./outside-contract.ts";

/**
 * Writes what an agent that runs elsewhere is sent: the case and the answers of its tools. What is expected of it stays
 * here, and so does whatever would give it away: the fixture's name, and that an answer holds an injection.
 */
export function writeAgentRequest(agent: OutsideAgent, { input, tools }: Fixture): AgentRequest {
  const { documents, memory, state } = input.context;
  return {
    version: CONTRACT_VERSION,
    agent: agent.name,
    commit: agent.commit,
    messages: input.messages.map(({ role, content }) => ({ role, content })),
    context: { documents: documents.map((document) => ({ ...document })), memory: [...memory], state },
    recordings: Object.fromEntries(
      Object.entries(tools).map(([tool, recordings]) => [tool, recordings.map(withoutMarks)]),
    ),
    max_turns: agent.maxTurns,
    timeout_ms: agent.timeoutMs,
  };
}

function withoutMarks({ side_effect: _, sequence, ...recording }: Recording): SentRecording {
  const { planted: _planted, sets: _sets, ...answer } = recording;
  if (sequence === undefined) return answer;
  return { ...answer, sequence: sequence.map(({ planted: _, sets: __, ...step }) => step) };
}
