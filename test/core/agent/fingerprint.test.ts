import { expect, test } from "@jest/globals";
import type { Agent } from "../../../src/core/agent/agent.ts";
import { agentFingerprint } from "../../../src/core/agent/fingerprint.ts";

const AGENT: Agent = {
  name: "refund",
  target: "anthropic",
  model: "m-1",
  parameters: { temperature: 0, top_k: 3 },
  system: "You help.",
  tools: [{ name: "read_order", description: undefined, input_schema: { type: "object" } }],
  retrieval: undefined,
  handoffs: {},
  spans: {},
  maxTurns: 12,
};

const fingerprint = (agent: Agent): string => agentFingerprint(agent, (text) => text);

test.each<Partial<Agent>>([
  { name: "another" },
  { parameters: { top_k: 3, temperature: 0 } },
  { tools: [{ name: "read_order", input_schema: { type: "object" } }] },
])("%j makes no difference to the model", (change) => {
  expect(fingerprint({ ...AGENT, ...change })).toBe(fingerprint(AGENT));
});

test.each<Partial<Agent>>([
  { model: "m-2" },
  { parameters: { temperature: 1, top_k: 3 } },
  { system: "You help!" },
  { tools: [] },
  { retrieval: { tool: "search", documents: [] } },
  { handoffs: { escalate: "support" } },
  { spans: { ask: { as: "approval:required" } } },
  { maxTurns: 3 },
])("%j makes a difference", (change) => {
  expect(fingerprint({ ...AGENT, ...change })).not.toBe(fingerprint(AGENT));
});
