import { expect, test } from "@jest/globals";
import type { Agent, AgentCatalog } from "../../../src/core/agent/agent.ts";
import { resolveAgents } from "../../../src/core/agent/resolve-agents.ts";
import { problemText } from "../../../src/core/problem.ts";
import { AGENT_FILES, aConfig, aSnapshot, aWrittenAgent, type WrittenAgent } from "../../build/snapshots.ts";

function resolve(
  overrides: Partial<WrittenAgent>,
  files: Readonly<Record<string, string>> = {},
): AgentCatalog {
  const config = aConfig({ agents: { refund: aWrittenAgent(overrides) } });
  return resolveAgents(config, aSnapshot({ ...AGENT_FILES, ...files }));
}

function agent(overrides: Partial<WrittenAgent> = {}, files: Readonly<Record<string, string>> = {}): Agent {
  const catalog = resolve(overrides, files);
  const found = catalog.agents.get("refund");
  if (found === undefined) throw new Error(problems(overrides, files).join("\n"));
  return found;
}

function problems(overrides: Partial<WrittenAgent>, files: Readonly<Record<string, string>> = {}): string[] {
  return [...(resolve(overrides, files).problems.get("refund") ?? [])].map(problemText);
}

test("builds an agent from the files of a commit", () => {
  expect(agent()).toEqual({
    name: "refund",
    target: "anthropic",
    model: "m-1",
    parameters: { temperature: 0 },
    system: "You help with refunds.\n\nRefunds over 100 need approval.\n\n# Memory\n\nBe brief.",
    tools: [
      { name: "read_order", description: "Reads an order.", input_schema: { type: "object" } },
      {
        name: "search_docs",
        description: "Search the documents.",
        input_schema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
      },
    ],
    retrieval: {
      tool: "search_docs",
      documents: [
        { source: "refund_policy", content: "Refunds take five days.\n" },
        { source: "times", content: "Parcels take two days.\n" },
      ],
    },
    handoffs: {},
    spans: {},
    maxTurns: 12,
  });
});

test("an agent may have neither tools nor memory nor documents", () => {
  const plain = agent({
    model: "m-2",
    parameters: { top_k: 3 },
    tools: undefined,
    memory: [],
    retrieval: undefined,
  });
  expect(plain).toMatchObject({ model: "m-2", parameters: { top_k: 3 }, tools: [], retrieval: undefined });
  expect(plain).toMatchObject({ system: "You help with refunds.\n\nRefunds over 100 need approval." });
});

test.each([
  ["agent/model.json", '{"model":"m-7"}', "model", "m-7"],
  ["agent/model.toml", '[refund]\nname = "m-7"\n', "refund.name", "m-7"],
  ["agent/prompts/system.md", "---\nmodel: m-7\n---\nYou help.\n", "model", "m-7"],
  ["agent/model.yaml", "routes: { refund: { name: m-7 } }", "routes.refund.name", "m-7"],
])("reads the model from %s", (file, text, key, model) => {
  expect(agent({ model: { file, key } }, { [file]: text })).toMatchObject({ model, parameters: {} });
});

test("front matter of a prompt is not put before the model, what cannot be read of it is", () => {
  const prompt = (text: string) => {
    const found = agent({}, { "agent/prompts/system.md": text });
    return "system" in found ? found.system.split("\n\nRefunds")[0] : undefined;
  };
  expect(prompt("---\nmodel: m # why\n---\nYou help.\n")).toBe("You help.");
  expect(prompt("---\nmodel: [m\n---\nYou help.\n")).toBe("---\nmodel: [m\n---\nYou help.");
  expect(prompt("---\nBe kind.\n---\nYou help.\n")).toBe("---\nBe kind.\n---\nYou help.");
});

test("handoffs are tools, also where the manifest leaves them out", () => {
  const config = aConfig({
    agents: {
      refund: aWrittenAgent({ handoffs: { escalate: "support", read_order: "support" } }),
      support: aWrittenAgent({ tools: undefined, retrieval: undefined }),
    },
  });
  const tools = resolveAgents(config, aSnapshot(AGENT_FILES)).agents.get("refund")?.tools ?? [];
  expect(tools.map((tool) => tool.name)).toEqual(["read_order", "escalate", "search_docs"]);
  expect(tools[0]?.description).toBe("Reads an order.");
  expect(tools[1]).toEqual({
    name: "escalate",
    description: "Hand this conversation over to the support agent.",
    input_schema: { type: "object", properties: { reason: { type: "string" } } },
  });
});

test("documents that share a file name are called by their paths", () => {
  const documents = agent({}, { "kb/other/times.txt": "", "kb/old/times.md": "" }).retrieval?.documents ?? [];
  expect(documents.map(({ source }) => source)).toEqual([
    "kb/old/times.md",
    "refund_policy",
    "kb/shipping/times.md",
  ]);
});

test.each([
  ["not JSON", "tools: [", "agent/tools.json: expected JSON, got "],
  ["an object", '{"tools":[]}', 'agent/tools.json: expected an array of tool definitions, got {"tools":[]}'],
  ["holding text", '["read_order"]', 'agent/tools.json[0]: expected a tool definition, got "read_order"'],
  ["without names", '[{"input_schema":{}}]', "agent/tools.json[0].name: expected letters, digits"],
  ["with a bad name", '[{"name":"read order","input_schema":{}}]', 'got "read order"'],
  [
    "without schemas",
    '[{"name":"read_order"}]',
    "agent/tools.json[0].input_schema: expected a JSON schema, got nothing",
  ],
  [
    "with a bad description",
    '[{"name":"a","description":1,"input_schema":{}}]',
    "agent/tools.json[0].description: expected text, got 1",
  ],
  [
    "naming one twice",
    '[{"name":"a","input_schema":{}},{"name":"a","input_schema":{}}]',
    "agent/tools.json[1].name: expected each tool once, got a again",
  ],
  ["too long", JSON.stringify(Array(201).fill({})), "expected at most 200 tools, got 201"],
])("a tool manifest that is %s is answered", (_, text, words) => {
  expect(problems({}, { "agent/tools.json": text }).join("\n")).toContain(words);
});

test.each([
  ["model: [", "agent/model.yml (line 1, column 9)"],
  ["name: m-1\n", "agent/model.yml: model: expected the name of a model, got nothing"],
  ["model: 4\n", "agent/model.yml: model: expected the name of a model, got 4"],
  ["model: m-1\nparameters: [1]\n", "agent/model.yml: parameters: expected a mapping of parameters, got [1]"],
])("a model file that says %j is answered", (text, words) => {
  expect(problems({}, { "agent/model.yml": text }).join("\n")).toContain(words);
});

test("everything that is wrong with an agent is said at once, and only under its own name", () => {
  const config = aConfig({
    agents: { refund: aWrittenAgent({ system: ["gone.md"] }), fine: aWrittenAgent({ tools: undefined }) },
  });
  const files = { ...AGENT_FILES, "agent/tools.json": "no", "agent/model.yml": "{}" };
  const catalog = resolveAgents(config, aSnapshot(files));
  expect(catalog.problems.get("refund")?.map(({ at }) => at)).toEqual([
    "system[0]",
    "agent/model.yml: model",
    "agent/tools.json",
  ]);
  expect(catalog.problems.get("fine")?.map(({ at }) => at)).toEqual(["agent/model.yml: model"]);
  expect(catalog.agents.size).toBe(0);
});

test("what is missing is said once, and a file without content is no empty file", () => {
  expect(problems({ model: { file: "gone.yml" } })).toHaveLength(1);
  const snapshot = aSnapshot(AGENT_FILES);
  const files = new Map([...snapshot.files].filter(([path]) => path !== "agent/prompts/system.md"));
  const catalog = resolveAgents(aConfig(), { ...snapshot, files });
  expect(catalog.problems.get("refund")?.map(problemText)).toEqual([
    "agent/prompts/system.md: expected a file that can be read at the commit, got no content",
  ]);
});
