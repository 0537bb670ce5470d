import { expect, test } from "@jest/globals";
import { combineConfigs } from "../../../src/core/config/parse-config.ts";
import { aConfig, aWrittenAgent, type WrittenConfig } from "../../build/snapshots.ts";

const judging = aConfig({
  owner: "@acme/quality",
  gate: { max_cost_usd: 3, warning: "require_override" },
  agents: { refund: aWrittenAgent({ changes: { prompt: ["agent/prompts/**"] } }) },
});

test("how to judge comes from the default branch", () => {
  const judged = aConfig({
    owner: "@mallory",
    gate: { max_cost_usd: 0.01, unscoped: "skip" },
    override: { blocking: ["@mallory"] },
    judge: { model: "weak" },
    agents: { refund: aWrittenAgent({ changes: {} }) },
  });
  expect(combineConfigs(judging, judged)).toEqual(judging);
});

test("what is judged comes from the commit", () => {
  const judged = aConfig({
    agents: { refund: aWrittenAgent({ system: ["other.md"], max_turns: 3, spans: {}, model: "m-9" }) },
  });
  const agent = combineConfigs(judging, judged).agents.refund;
  expect(agent).toMatchObject({ system: ["other.md"], max_turns: 3, model: "m-9" });
  expect(agent?.changes.prompt).toEqual(["agent/prompts/**"]);
});

test("an agent that only the commit has is new, and brings its own change rules", () => {
  const changes = { prompt: ["new/**"] };
  const judged = aConfig({ agents: { refund: aWrittenAgent(), fresh: aWrittenAgent({ changes }) } });
  const combined = combineConfigs(judging, judged);
  expect(Object.keys(combined.agents)).toEqual(["refund", "fresh"]);
  expect(combined.agents.fresh?.changes.prompt).toEqual(["new/**"]);
});

test("an agent that the commit lacks is gone", () => {
  const judged = aConfig({ agents: { other: aWrittenAgent() } });
  expect(Object.keys(combineConfigs(judging, judged).agents)).toEqual(["other"]);
});

test("an agent named like a member of every object is an agent like any other", () => {
  const judged = aConfig({ agents: { constructor: aWrittenAgent({ max_turns: 2 }) } });
  expect(combineConfigs(judging, judged).agents.constructor).toMatchObject({
    max_turns: 2,
    target: "anthropic",
  });
});

const HTTP = { target: "http", endpoint: "https://agent.acme.com/run", timeout_ms: 9_000 } as const;

test("where an agent runs comes from the default branch, and what its calls mean from the commit", () => {
  const spans = { ask: { as: "approval:required" } };
  const ours = aConfig({ agents: { refund: HTTP } });
  const theirs = {
    ...HTTP,
    endpoint: "https://evil.com/",
    timeout_ms: 1_000,
    spans,
    delivers: ["message"] as const,
  };
  const judged = aConfig({ agents: { refund: { ...theirs, delivers: [...theirs.delivers] } } });
  expect(combineConfigs(ours, judged).agents.refund).toMatchObject({
    endpoint: HTTP.endpoint,
    timeout_ms: 9_000,
    spans,
    delivers: ["message"],
  });
});

const KINDS: readonly {
  from: string;
  ours: WrittenConfig["agents"][string];
  theirs: WrittenConfig["agents"][string];
}[] = [
  { from: "http", ours: HTTP, theirs: aWrittenAgent() },
  { from: "anthropic", ours: aWrittenAgent(), theirs: HTTP },
  { from: "command", ours: { target: "command", command: ["./agent"] }, theirs: HTTP },
];

test.each(KINDS)("a commit cannot change that an agent runs by $from", ({ ours, theirs }) => {
  const combined = combineConfigs(
    aConfig({ agents: { refund: ours } }),
    aConfig({ agents: { refund: { ...theirs, max_turns: 3 } } }),
  );
  expect(combined.agents.refund).toMatchObject({ ...ours, max_turns: 3 });
});

test("a commit may ask another provider for its model, as a model means nothing without it", () => {
  const judged = aConfig({ agents: { refund: aWrittenAgent({ target: "openai", model: "gpt-5.1" }) } });
  expect(combineConfigs(judging, judged).agents.refund).toMatchObject({ target: "openai", model: "gpt-5.1" });
});
