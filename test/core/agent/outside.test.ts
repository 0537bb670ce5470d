import { expect, test } from "@jest/globals";
import type { Agent } from "../../../src/core/agent/agent.ts";
import { readNamedModel } from "../../../src/core/agent/named-model.ts";
import { neededProviders } from "../../../src/core/agent/needed-providers.ts";
import type { OutsideAgents } from "../../../src/core/agent/outside.ts";
import { resolveAgents } from "../../../src/core/agent/resolve-agents.ts";
import { trustEndpoints } from "../../../src/core/agent/trust-endpoints.ts";
import { runSide } from "../../../src/core/trial/run-side.ts";
import { anAgent, aTrialSetting, calls } from "../../build/models.ts";
import { aCommandAgent, anHttpAgent } from "../../build/outside-agents.ts";
import { aConfig, aSnapshot } from "../../build/snapshots.ts";

const never = async () => {
  throw new Error("the agent was run");
};

async function sideOf(agent: Agent, outside: OutsideAgents) {
  const setting = aTrialSetting({ agents: new Map([["refund", agent]]), outside });
  return await runSide({ ...setting, trialsMax: 3, mode: "decide" });
}

test.each([
  {
    name: "a command in the app",
    agent: aCommandAgent(),
    outside: { http: never },
    because: "runs only in your own CI",
    todo: "run `npx incident-to-eval run --changed <base branch>` in a job of your own CI",
  },
  {
    name: "a command at another commit than the one that lies there",
    agent: aCommandAgent(),
    outside: { command: { run: never, commit: "working-tree" } },
    because: "runs the files as they lie in the folder",
    todo: "check that commit out",
  },
  {
    name: "an address without a list of hosts",
    agent: anHttpAgent(),
    outside: {},
    because: "agents behind an address are not run here",
    todo: "OUTBOUND_ALLOW",
  },
  {
    name: "an address that only the pull request names",
    agent: anHttpAgent({ endpoint: undefined }),
    outside: { http: never },
    because: "is not on the default branch",
    todo: "in a pull request of its own first",
  },
])(
  "$name is undecided before anything is run, and says what to do",
  async ({ agent, outside, because, todo }) => {
    expect(await sideOf(agent, outside)).toMatchObject({
      outcome: "undecided",
      trials: [],
      because: expect.stringContaining(because),
      todo: expect.stringContaining(todo),
    });
  },
);

const HTTP = { target: "http", endpoint: "https://agent.acme.com/run" } as const;

test.each([
  { name: "the default branch", trusted: aConfig({ agents: { refund: HTTP } }), endpoint: HTTP.endpoint },
  { name: "nowhere else", trusted: undefined, endpoint: undefined },
  { name: "no agent of another kind", trusted: aConfig(), endpoint: undefined },
  {
    name: "no agent of another name",
    trusted: aConfig({ agents: { toString: HTTP } }),
    endpoint: undefined,
  },
])("an address is taken from $name", ({ trusted, endpoint }) => {
  const mine = aConfig({ agents: { refund: { ...HTTP, endpoint: "https://evil.com/" } } });
  const catalog = trustEndpoints(resolveAgents(mine, aSnapshot({})), trusted);
  expect(catalog.agents.get("refund")).toMatchObject({ target: "http", endpoint });
});

test("an agent that runs elsewhere is resolved with its tools and the commit that it stands for", () => {
  const config = aConfig({
    agents: {
      refund: {
        target: "command",
        command: ["node", "agent.js"],
        tools: "tools.json",
        delivers: ["approval"],
      },
    },
  });
  const tools = [
    { type: "function", function: { name: "read_order", parameters: { type: "object" }, strict: true } },
    { type: "function", name: "ping" },
  ];
  const { agents, problems } = resolveAgents(
    config,
    aSnapshot({ "tools.json": JSON.stringify(tools) }, "abc"),
  );
  expect(problems.size).toBe(0);
  expect(agents.get("refund")).toMatchObject({
    commit: "abc",
    command: ["node", "agent.js"],
    delivers: ["approval"],
    timeoutMs: 120_000,
    tools: [
      { name: "read_order", input_schema: { type: "object" }, strict: true },
      { name: "ping", input_schema: { type: "object" } },
    ],
  });
});

test("the keys that an agent needs are those of its provider and of all that it hands over to", () => {
  const agents = new Map<string, Agent>([
    ["a", anAgent({ handoffs: { to_b: "b" } })],
    ["b", anAgent({ target: "openai", handoffs: { to_a: "a" } })],
    ["c", anHttpAgent()],
  ]);
  expect([...neededProviders(agents, "a")]).toEqual(["anthropic", "openai"]);
  expect([...neededProviders(agents, "c")]).toEqual([]);
});

test.each([
  { name: "claude-opus-5-5", provider: "anthropic", model: "claude-opus-5-5" },
  { name: "anthropic:claude-opus-5-5", provider: "anthropic", model: "claude-opus-5-5" },
  { name: "openai:gpt-5.1", provider: "openai", model: "gpt-5.1" },
  { name: "openai:llama3:8b", provider: "openai", model: "llama3:8b" },
  { name: "llama3:8b", provider: "anthropic", model: "llama3:8b" },
])("the model $name is asked of $provider", ({ name, provider, model }) => {
  expect(readNamedModel(name)).toEqual({ provider, model });
});

test("an agent that never stops is ended after its turns, however broken its calls are", async () => {
  const broken = calls({ read_order: {} });
  const answer = {
    ...broken,
    parts: broken.parts.map((part) => (part.kind === "tool_call" ? { ...part, malformed: "{" } : part)),
  };
  const setting = aTrialSetting({ askModel: async () => answer });
  const side = await runSide({ ...setting, trialsMax: 1, mode: "measure" });
  const [trial] = side.trials;
  expect(trial).toMatchObject({ trajectory: { stopReason: "max_turns", turns: 6, gaps: [] } });
  expect(trial).toMatchObject({
    trajectory: {
      spans: expect.arrayContaining([
        expect.objectContaining({ error: { type: "malformed_call", message: expect.any(String) } }),
      ]),
    },
  });
});
