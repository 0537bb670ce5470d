import { expect, test } from "@jest/globals";
import { agentPaths, findAgentFiles } from "../../../src/core/agent/agent-files.ts";
import type { AgentConfig } from "../../../src/core/config/config.ts";
import { problemText } from "../../../src/core/problem.ts";
import { AGENT_FILES, aConfig, aTree, aWrittenAgent, type WrittenAgent } from "../../build/snapshots.ts";

function anAgent(overrides: Partial<WrittenAgent> = {}): AgentConfig {
  const agent = aConfig({ agents: { refund: aWrittenAgent(overrides) } }).agents.refund;
  if (agent === undefined) throw new Error("the builder gives an agent called refund");
  return agent;
}

test("lists every file that the agent needs, in the order of the configuration", () => {
  const tree = aTree({ ...AGENT_FILES, "README.md": "", "agent/prompts/old.md": "" });
  expect(agentPaths(anAgent(), tree)).toEqual([
    "agent/model.yml",
    "agent/prompts/system.md",
    "agent/policies/refund.md",
    "agent/tools.json",
    "agent/memory/tone.md",
    "kb/refund_policy.md",
    "kb/shipping/times.md",
  ]);
});

test("a glob finds its files sorted, each file once, and a model named in the configuration needs none", () => {
  const tree = aTree({ "p/b.md": "", "p/a.md": "", "p/z.md": "" });
  const agent = anAgent({
    system: ["p/z.md", "p/*.md"],
    tools: undefined,
    model: "m-1",
    memory: [],
    retrieval: undefined,
  });
  expect(agentPaths(agent, tree)).toEqual(["p/z.md", "p/a.md", "p/b.md"]);
});

test("folders of memory and documents may be empty", () => {
  const agent = anAgent({ memory: ["none/*.md"], retrieval: { tool: "search", documents: ["no/**"] } });
  expect(findAgentFiles(agent, aTree(AGENT_FILES)).problems).toEqual([]);
});

const LINK = { mode: "120000", content: "../secrets.md" };
const SUBMODULE = { mode: "160000" };
const LARGE = { mode: "100644", size: 1024 * 1024 + 1 };

test.each([
  [
    { system: ["agent/gone.md"] },
    {},
    "system[0]: expected a file in the commit, got agent/gone.md, which is not there",
  ],
  [
    { system: ["agent/prompts"] },
    {},
    "system[0]: expected a file, or agent/prompts/** for all in that folder",
  ],
  [{ system: ["gone/*.md"] }, {}, "system[0]: expected files in the commit, got gone/*.md, which finds none"],
  [{ memory: ["agent/gone.md"] }, {}, "memory[0]: expected a file in the commit"],
  [{ tools: "tools.json" }, {}, "tools: expected a file in the commit"],
  [{ model: { file: "m.yml" } }, {}, "model.file: expected a file in the commit"],
  [
    {},
    { "agent/prompts/system.md": LINK },
    "system[0]: expected an ordinary file, got agent/prompts/system.md, which is a link",
  ],
  [
    {},
    { "kb/other.md": LINK },
    "retrieval.documents[0]: expected an ordinary file, got kb/other.md, which is a link",
  ],
  [
    {},
    { "agent/tools.json": SUBMODULE },
    "tools: expected an ordinary file, got agent/tools.json, which is a submodule",
  ],
  [
    {},
    { "agent/model.yml": LARGE },
    "model.file: expected a file of at most 1048576 bytes, got agent/model.yml with 1048577 bytes",
  ],
])("%j with %j is answered with %s", (overrides, files, words) => {
  const tree = aTree({ ...AGENT_FILES, ...files });
  const { problems } = findAgentFiles(anAgent(overrides), tree);
  expect(problems.map(problemText)).toEqual([expect.stringContaining(words)]);
});

test("links are not read, other files are", () => {
  const tree = aTree({ ...AGENT_FILES, "kb/other.md": LINK });
  expect(agentPaths(anAgent(), tree)).not.toContain("kb/other.md");
  expect(agentPaths(anAgent(), tree)).toContain("kb/refund_policy.md");
});

test.each([
  ["files", 2_001, 1, "files: expected an agent of at most 2000 files, got 2008"],
  ["bytes", 11, 1024 * 1024, "files: expected an agent of at most 10485760 bytes, got 115"],
])("an agent of too many %s is refused and none of it is read", (_, count, size, words) => {
  const many = Array.from({ length: count }, (_, n) => [`kb/${n}.md`, { mode: "100644", size }] as const);
  const tree = aTree({ ...AGENT_FILES, ...Object.fromEntries(many) });
  expect(findAgentFiles(anAgent(), tree).problems.map(problemText)).toEqual([expect.stringContaining(words)]);
  expect(agentPaths(anAgent(), tree)).toEqual([]);
});
