import type { CommandAgent, HttpAgent } from "../../src/core/agent/agent.ts";
import type { AgentAnswer } from "../../src/core/agent/outside-contract.ts";

const COMMON = {
  name: "refund",
  commit: "c0ffee0000000000000000000000000000000001",
  tools: [],
  retrieval: undefined,
  handoffs: {},
  spans: {},
  maxTurns: 6,
  delivers: [],
  timeoutMs: 5_000,
} as const;

/** An agent behind an address. */
export function anHttpAgent(overrides: Partial<HttpAgent> = {}): HttpAgent {
  return { ...COMMON, target: "http", endpoint: "https://agent.acme.com/run", ...overrides };
}

/** An agent that a command runs. */
export function aCommandAgent(overrides: Partial<CommandAgent> = {}): CommandAgent {
  return { ...COMMON, target: "command", command: ["./agent"], environment: [], ...overrides };
}

/** What such an agent answers: it read the order and said that it is done. */
export function anAnswer(overrides: Partial<AgentAnswer> = {}): AgentAnswer {
  return {
    version: 1,
    commit: COMMON.commit,
    output: "Done.",
    spans: [
      { name: "model:gpt-5.1", usage: { input_tokens: 100, output_tokens: 20 }, duration_ms: 300 },
      { name: "tool:read_order", arguments: { order_id: "o1" }, start_ms: 300 },
      {
        name: "model:gpt-5.1",
        usage: { input_tokens: 150, output_tokens: 10 },
        start_ms: 310,
        duration_ms: 200,
      },
    ],
    ...overrides,
  };
}
