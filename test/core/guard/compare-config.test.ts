import { describe, expect, test } from "@jest/globals";
import { type Config, configSchema } from "../../../src/core/config/config.ts";
import { compareConfig } from "../../../src/core/guard/compare-config.ts";

// biome-ignore lint/suspicious/noExplicitAny: any place of a configuration may be edited.
type Loose = any;

const WHOLE = {
  version: 1,
  owner: "@acme/agent-quality",
  incidents: { label: "incident", redaction: { allow: ["help@acme.com"] } },
  agents: {
    refund: {
      target: "anthropic",
      model: { file: "agent/model.yml", key: "model", parameters: "parameters" },
      system: ["agent/prompts/*.md"],
      tools: "agent/tools.json",
      memory: ["agent/memory/*.md"],
      retrieval: { tool: "search", documents: ["kb/**"] },
      handoffs: { escalate: "support" },
      spans: { ask: { as: "approval:required" } },
      max_turns: 12,
      changes: {
        prompt: ["agent/prompts/**"],
        model: [{ file: "agent/model.yml", keys: ["model", "parameters"] }],
      },
    },
    support: { target: "anthropic", model: "claude-a", system: ["support.md"] },
  },
  judge: { model: "claude-judge", calibration: "evals/calibration/**" },
  gate: {
    bases: ["main"],
    trials: { pull_request: 5, release: 10, reproduce: 10 },
    max_cost_usd: 5,
    prices: { "claude-a": { input: 1, output: 2 } },
    thresholds: { suite: 0.95 },
    warning: "require_override",
    compare: { cost: 1.25 },
    drafts: true,
    unscoped: "fast",
  },
  override: { warning: "write", blocking: ["@acme/release-authority", "@olga"] },
};

function placesOf(edit: (config: Loose) => void): readonly string[] {
  const head = structuredClone(WHOLE);
  edit(head);
  return compareConfig(read(WHOLE), read(head)).map(({ at }) => at);
}

function read(config: unknown): Config {
  return configSchema.parse(config);
}

describe("asks for less, or lets others decide", () => {
  test.each<readonly [string, (config: Loose) => void]>([
    ["owner", (c) => Object.assign(c, { owner: "@mallory" })],
    ["incidents.label", (c) => Object.assign(c.incidents, { label: "bug" })],
    ["incidents.redaction.allow[1]", (c) => c.incidents.redaction.allow.push("ceo@acme.com")],
    ["gate.bases[1]", (c) => c.gate.bases.push("lenient")],
    ["gate.bases[0]", (c) => c.gate.bases.pop()],
    ["gate.trials.pull_request", (c) => Object.assign(c.gate.trials, { pull_request: 1 })],
    ["gate.max_cost_usd", (c) => Object.assign(c.gate, { max_cost_usd: 1 })],
    ["gate.prices.claude-a.input", (c) => Object.assign(c.gate.prices["claude-a"], { input: 0 })],
    ["gate.thresholds.suite", (c) => Object.assign(c.gate.thresholds, { suite: 0.5 })],
    ["gate.warning", (c) => Object.assign(c.gate, { warning: "neutral" })],
    ["gate.compare.cost", (c) => Object.assign(c.gate.compare, { cost: 9 })],
    ["gate.drafts", (c) => Object.assign(c.gate, { drafts: false })],
    ["gate.unscoped", (c) => Object.assign(c.gate, { unscoped: "skip" })],
    ["override.blocking[2]", (c) => c.override.blocking.push("write")],
    ["override.warning[0]", (c) => Object.assign(c.override, { warning: "triage" })],
    ["judge.model", (c) => Object.assign(c.judge, { model: "claude-kind" })],
    ["judge.calibration", (c) => Object.assign(c.judge, { calibration: "elsewhere/**" })],
    ["agents.support", (c) => delete c.agents.support],
    ["agents.refund.changes.prompt[0]", (c) => c.agents.refund.changes.prompt.pop()],
    ["agents.refund.changes.model[0]", (c) => c.agents.refund.changes.model[0].keys.pop()],
    ["agents.refund.system[0]", (c) => Object.assign(c.agents.refund, { system: ["agent/prompts/a.md"] })],
    ["agents.refund.memory[0]", (c) => c.agents.refund.memory.pop()],
    ["agents.refund.retrieval", (c) => delete c.agents.refund.retrieval],
    [
      "agents.refund.retrieval.documents[0]",
      (c) => Object.assign(c.agents.refund.retrieval, { documents: ["kb/a.md"] }),
    ],
    ["agents.refund.tools", (c) => delete c.agents.refund.tools],
    ["agents.refund.model", (c) => Object.assign(c.agents.refund, { model: "claude-a" })],
    ["agents.support.model", (c) => Object.assign(c.agents.support, { model: "claude-b" })],
    ["agents.refund.system[1]", (c) => c.agents.refund.system.push("agent/policies/*.md")],
    ["agents.refund.max_turns", (c) => Object.assign(c.agents.refund, { max_turns: 2 })],
    ["agents.refund.handoffs.escalate", (c) => delete c.agents.refund.handoffs.escalate],
    ["agents.refund.spans.ask", (c) => delete c.agents.refund.spans.ask],
    [
      "agents.refund.spans.issue_refund",
      (c) => Object.assign(c.agents.refund.spans, { issue_refund: { as: "tool:harmless" } }),
    ],
  ])("%s", (at, edit) => {
    expect(placesOf(edit)).toContain(at);
  });
});

describe("asks for as much or more", () => {
  test.each<readonly [string, (config: Loose) => void]>([
    ["more trials", (c) => Object.assign(c.gate.trials, { pull_request: 9 })],
    ["more money", (c) => Object.assign(c.gate, { max_cost_usd: 9 })],
    ["a higher share of passes", (c) => Object.assign(c.gate.thresholds, { suite: 1 })],
    ["a first comparison", (c) => Object.assign(c.gate.compare, { latency: 1.5 })],
    ["more that runs unscoped", (c) => Object.assign(c.gate, { unscoped: "all" })],
    ["fewer who may override", (c) => c.override.blocking.pop()],
    ["fewer values that redaction lets stand", (c) => c.incidents.redaction.allow.pop()],
    ["another agent", (c) => Object.assign(c.agents, { sales: c.agents.support })],
    ["more that counts", (c) => c.agents.refund.changes.prompt.unshift("agent/texts/**")],
    [
      "a change type that counts first now",
      (c) => Object.assign(c.agents.refund.changes, { memory: ["agent/memory/**"] }),
    ],
    [
      "the keys of one file in two entries",
      (c) =>
        Object.assign(c.agents.refund.changes, {
          model: [
            { file: "agent/model.yml", keys: ["parameters"] },
            { file: "agent/model.yml", keys: ["model", "extra"] },
          ],
        }),
    ],
    ["a default in words", (c) => Object.assign(c.incidents, { label: "incident" })],
  ])("%s", (_, edit) => {
    expect(placesOf(edit)).toEqual([]);
  });
});
