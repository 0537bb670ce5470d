import { expect, test } from "@jest/globals";
import { resolveAgents } from "../../../src/core/agent/resolve-agents.ts";
import { proposeSetup } from "../../../src/core/report/setup-proposal.ts";
import { candidatePaths, findCandidates } from "../../../src/core/setup/candidate-files.ts";
import { type GuessedAgent, guessAgents } from "../../../src/core/setup/guess-agents.ts";
import { ownerOf, writeGuess } from "../../../src/core/setup/write-config.ts";
import { expectGolden } from "../../build/golden.ts";
import { AGENT_FILES, aSnapshot } from "../../build/snapshots.ts";

const TOOLS = JSON.stringify([{ name: "pay", input_schema: { type: "object" } }]);

function guess(files: Readonly<Record<string, string>>): readonly GuessedAgent[] {
  const { tree, files: texts } = aSnapshot(files);
  const candidates = findCandidates(tree);
  return candidates === undefined ? [] : guessAgents(candidates, texts);
}

test("an agent is guessed from where its files lie, and read as it was guessed", () => {
  const files = { ...AGENT_FILES, "agent/model.yml": "model: claude-sonnet-5-5\nparameters: {}\n" };
  const agents = guess(files);
  expect(agents).toEqual([
    {
      name: "agent",
      system: ["agent/prompts/system.md", "agent/policies/refund.md"],
      memory: ["agent/memory/tone.md"],
      documents: ["kb"],
      tools: "agent/tools.json",
      model: {
        name: "claude-sonnet-5-5",
        provider: "anthropic",
        path: "agent/model.yml",
        keys: { model: "model", parameters: "parameters" },
      },
    },
  ]);
  const { text, config } = writeGuess(agents, "@acme/quality");
  expect(resolveAgents(config, aSnapshot(files)).problems).toEqual(new Map());
  expectGolden("setup/config.yml", text);
  const proposal = proposeSetup({
    base: { branch: "main", sha: "c0ffee" },
    config,
    files: [
      { path: ".github/incident-to-eval.yml", content: text },
      { path: ".github/ISSUE_TEMPLATE/llm-incident.yml", content: "" },
    ],
    paths: Object.keys(files),
    agentProblems: new Map([["agent", [{ at: "tools", expected: "a file", got: "none" }]]]),
    past: [
      { number: 41, paths: ["agent/prompts/system.md", "README.md"], isWhole: true },
      { number: 40, paths: ["README.md"], isWhole: true },
      { number: 39, paths: ["README.md"], isWhole: false },
    ],
  });
  expectGolden("setup/body.md", proposal.body);
  expect(proposal.branch).toBe("incident-to-eval/setup");
});

test("agents that lie apart are guessed apart, each with what lies nearest to it", () => {
  const agents = guess({
    "services/refund/prompts/system.md": "Refund.",
    "services/refund/tools.json": TOOLS,
    "services/refund/config.toml": '[llm]\nmodel_name = "gpt-5.1"\n[llm.params]\ntemperature = 0\n',
    "services/travel/prompts/system.md": "Travel.",
    "services/travel/main.py": 'MODEL = "claude-opus-5-5"\n',
  });
  expect(
    agents.map(({ name, tools, model }) => ({
      name,
      tools,
      model: model?.name,
      of: model?.provider,
      at: model?.keys,
    })),
  ).toEqual([
    {
      name: "refund",
      tools: "services/refund/tools.json",
      model: "gpt-5.1",
      of: "openai",
      at: { model: "llm.model_name", parameters: "llm.params" },
    },
    { name: "travel", tools: undefined, model: "claude-opus-5-5", of: "anthropic", at: undefined },
  ]);
  expect(() => writeGuess(agents, undefined)).not.toThrow();
});

test.each<{ what: string; files: Readonly<Record<string, string>> }>([
  { what: "nothing", files: {} },
  { what: "an ordinary program", files: { "src/index.ts": "", "package.json": "{}", "README.md": "" } },
  { what: "prompts of editors", files: { ".github/prompts/review.prompt.md": "x", "AGENTS.md": "x" } },
  {
    what: "prompts of tests and packages",
    files: { "tests/prompts/a.md": "x", "node_modules/a/prompts/system.md": "x" },
  },
  { what: "a path that a glob would read otherwise", files: { "prompts/[a].md": "x" } },
])("no agent is guessed in a repository with $what", ({ files }) => {
  expect(guess(files)).toEqual([]);
});

test.each<{ what: string; files: Readonly<Record<string, string>> }>([
  { what: "no model", files: { "prompts/system.md": "Help." } },
  {
    what: "many prompts",
    files: Object.fromEntries(Array.from({ length: 90 }, (_, n) => [`prompts/p${n}.md`, "x"])),
  },
  {
    what: "many agents",
    files: Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`a${n}/prompts/system.md`, "x"])),
  },
  { what: "agents of one name", files: { "one/bot/x/prompts/s.md": "x", "two/bot/x/prompts/s.md": "x" } },
  {
    what: "a file of data that is broken",
    files: { "prompts/system.md": "x", "model.yml": "a: [", "tools.json": "{" },
  },
  { what: "a model in front matter", files: { "prompts/system.md": "---\nmodel: gpt-5.1\n---\nHelp." } },
  {
    what: "a hostile name of a model",
    files: { "prompts/system.md": "x", "model.yml": 'model: "claude-x\\" # y"' },
  },
  {
    what: "a key that is no word",
    files: { "prompts/system.md": "x", "model.json": '{"a b\\n": {"model": "gpt-5.1"}}' },
  },
])("a guess from $what is a configuration that we read", ({ files }) => {
  const agents = guess(files);
  expect(agents.length).toBeGreaterThan(0);
  expect(Object.keys(writeGuess(agents, undefined).config.agents)).toHaveLength(agents.length);
});

test("little is read, however large the repository is", () => {
  const files = Object.fromEntries(
    Array.from({ length: 500 }, (_, n) => [
      [`prompts/${n}.md`, "x"],
      [`src/${n}.py`, "x"],
      [`conf/model${n}.yml`, "a: 1"],
    ]).flat() as [string, string][],
  );
  const candidates = findCandidates(aSnapshot(files).tree);
  expect(candidates === undefined ? 0 : candidatePaths(candidates).length).toBe(140);
});

test.each([
  ["* @acme/quality", "@acme/quality"],
  ["*.md @acme/docs\n*   @olga\n", "@olga"],
  ["* @one\n* @two", "@two"],
  ["# * @nobody", undefined],
  [undefined, undefined],
])("who owns everything by %j is %j", (text, owner) => {
  expect(ownerOf(text)).toBe(owner);
});
