import { expect, test } from "@jest/globals";
import type { Change } from "../../../src/core/change/change-type.ts";
import { changedFiles } from "../../../src/core/change/changed-files.ts";
import { classifyChanges, keyLevelPaths, promptPaths } from "../../../src/core/change/classify-changes.ts";
import type { Config } from "../../../src/core/config/config.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import { AGENT_FILES, aConfig, aSnapshot, aWrittenAgent, type WrittenAgent } from "../../build/snapshots.ts";

type Files = Readonly<Record<string, string | undefined>>;

interface Sides {
  readonly base?: { readonly config?: Config; readonly files?: Files };
  readonly head?: { readonly config?: Config; readonly files?: Files };
}

/** Files of the agent with some replaced, added or, where undefined, removed. */
function withFiles(files: Files): Record<string, string> {
  const merged = Object.entries({ ...AGENT_FILES, ...files });
  return Object.fromEntries(merged.flatMap(([path, text]) => (text === undefined ? [] : [[path, text]])));
}

function classify({ base, head }: Sides): readonly Change[] {
  const sides = [base, head].map((side) => ({
    config: side?.config ?? aConfig(),
    snapshot: aSnapshot(withFiles(side?.files ?? {})),
  }));
  const [one, other] = sides;
  if (one === undefined || other === undefined) throw new Error("two sides are compared");
  return classifyChanges({
    base: one,
    head: other,
    files: changedFiles(one.snapshot.tree, other.snapshot.tree),
  });
}

/** Changes as `type path` or `type path#key`, of the agent refund unless another is named. */
function words(changes: readonly Change[]): string[] {
  return changes.map(({ agent, type, path, key }) =>
    [agent === "refund" ? "" : `${agent}: `, type, ` ${path}`, key === undefined ? "" : `#${key}`].join(""),
  );
}

function agentConfig(overrides: Partial<WrittenAgent>): Config {
  return aConfig({ agents: { refund: aWrittenAgent(overrides) } });
}

test.each<readonly [string, Files, readonly string[]]>([
  ["the wording of a prompt", { "agent/prompts/system.md": "New." }, ["prompt agent/prompts/system.md"]],
  ["a prompt that goes", { "agent/prompts/system.md": undefined }, ["prompt agent/prompts/system.md"]],
  ["the tool manifest", { "agent/tools.json": "[]" }, ["tools agent/tools.json"]],
  ["a rule of a policy", { "agent/policies/refund.md": "Over 50." }, ["policy agent/policies/refund.md"]],
  [
    "the model",
    { "agent/model.yml": "model: m-2\nparameters: { temperature: 0 }" },
    ["model agent/model.yml#model"],
  ],
  [
    "a parameter",
    { "agent/model.yml": "model: m-1\nparameters: { temperature: 1 }" },
    ["model agent/model.yml#parameters"],
  ],
  ["a document", { "kb/refund_policy.md": "Six days." }, ["retrieval kb/refund_policy.md"]],
  ["a new document", { "kb/deep/er/new.md": "x" }, ["retrieval kb/deep/er/new.md"]],
  ["a memory rule", { "agent/memory/tone.md": "Be long." }, ["memory agent/memory/tone.md"]],
  ["a new memory rule", { "agent/memory/new.md": "x" }, ["memory agent/memory/new.md"]],
  [
    "several at once",
    { "agent/tools.json": "[]", "agent/memory/tone.md": "x", "agent/prompts/system.md": "x" },
    ["prompt agent/prompts/system.md", "memory agent/memory/tone.md", "tools agent/tools.json"],
  ],
])("%s is a change of that type", (_, files, expected) => {
  expect(words(classify({ head: { files } }))).toEqual(expected);
});

test.each<readonly [string, Files]>([
  ["a readme", { "README.md": "x" }],
  ["the application", { "src/server.ts": "x", "package.json": "{}" }],
  ["a prompt of something else", { "agent/prompts/other.md": "x" }],
  ["a text beside the documents", { "kb/notes.txt": "x" }],
  ["a memory of another folder", { "agent/memory/deep/x.md": "x" }],
  ["a comment in the model file", { "agent/model.yml": `# why\n${AGENT_FILES["agent/model.yml"]}` }],
  [
    "another key of the model file",
    { "agent/model.yml": "model: m-1\nparameters: { temperature: 0 }\nnote: new" },
  ],
  [
    "the layout of the model file",
    { "agent/model.yml": '{ "parameters": { "temperature": 0 }, "model": "m-1" }' },
  ],
  ["a fixture", { "evals/incidents/a/b.yml": "id: b" }],
  ["nothing", {}],
])("%s changes no agent", (_, files) => {
  expect(classify({ head: { files } })).toEqual([]);
});

const PROMPT = "agent/prompts/system.md";
const withMatter = (...lines: readonly string[]): string =>
  ["---", ...lines, "---", "You help with refunds.", ""].join("\n");

test.each<readonly [string, string | undefined, string | undefined, readonly string[]]>([
  ["a comment in it", withMatter("model: m"), withMatter("# chosen in spring", "model: m"), []],
  ["the order of its keys", withMatter("a: 1", "b: 2"), withMatter("b: 2", "a: 1"), []],
  ["its layout", withMatter("a: [1, 2]"), withMatter("a:", "  - 1", "  - 2"), []],
  ["the model", withMatter("model: m"), withMatter("model: n"), [`model ${PROMPT}#model`]],
  ["a parameter", withMatter("maxTokens: 1"), withMatter("maxTokens: 2"), [`model ${PROMPT}#maxTokens`]],
  ["tools", withMatter("tools: [a]"), withMatter("tools: [a, b]"), [`tools ${PROMPT}#tools`]],
  ["another key", withMatter("title: a"), withMatter("title: b"), [`prompt ${PROMPT}#title`]],
  [
    "a key called constructor",
    withMatter("a: 1"),
    withMatter("a: 1", "constructor: x"),
    [`prompt ${PROMPT}#constructor`],
  ],
  ["the wording alone", withMatter("model: m"), `${withMatter("model: m")}Now.`, [`prompt ${PROMPT}`]],
  [
    "both",
    withMatter("model: m"),
    `${withMatter("model: n")}Now.`,
    [`prompt ${PROMPT}`, `model ${PROMPT}#model`],
  ],
  ["other agents", withMatter("agents: [a]"), withMatter("agents: [b]"), [`topology ${PROMPT}#agents`]],
  [
    "agents below it",
    withMatter("sub-agents: [a]"),
    withMatter("sub-agents: [b]"),
    [`topology ${PROMPT}#sub-agents`],
  ],
  ["front matter that comes", "You help with refunds.\n", withMatter("model: m"), [`model ${PROMPT}#model`]],
  ["empty front matter that comes", "You help with refunds.\n", withMatter("# none"), []],
  ["front matter that goes", withMatter("model: m"), "You help with refunds.\n", [`model ${PROMPT}#model`]],
  ["a prompt that goes", withMatter("model: m"), undefined, [`prompt ${PROMPT}`, `model ${PROMPT}#model`]],
  ["a prompt that comes", undefined, withMatter("model: m"), [`prompt ${PROMPT}`, `model ${PROMPT}#model`]],
  [
    "a model merged from an anchor",
    withMatter("x: &x { model: m }", "<<: *x"),
    withMatter("x: &x { model: n }", "<<: *x"),
    [`model ${PROMPT}#model`, `prompt ${PROMPT}#x`],
  ],
  [
    "front matter that breaks",
    withMatter("model: m"),
    withMatter("model: [m"),
    [`prompt ${PROMPT}`, `model ${PROMPT}`],
  ],
  [
    "front matter that stays broken",
    withMatter("model: [m"),
    withMatter("model: [n"),
    [`prompt ${PROMPT}`, `model ${PROMPT}`],
  ],
  [
    "a rule above the first line, which is no front matter",
    withMatter("Be kind."),
    withMatter("Be harsh."),
    [`prompt ${PROMPT}`],
  ],
  ["TOML", '+++\nmodel = "m" # a\n+++\nHelp.', '+++\nmodel = "n"\n+++\nHelp.', [`model ${PROMPT}#model`]],
  ["a comment in TOML", '+++\nmodel = "m" # a\n+++\nHelp.', '+++\nmodel = "m"\n+++\nHelp.', []],
])("front matter of a prompt: %s", (_, before, after, expected) => {
  const changes = classify({ base: { files: { [PROMPT]: before } }, head: { files: { [PROMPT]: after } } });
  expect(words(changes)).toEqual(expected);
});

test("a prompt that was not read counts in wording and model, on whichever side", () => {
  const base = { config: aConfig(), snapshot: aSnapshot(AGENT_FILES) };
  const changed = aSnapshot({ ...AGENT_FILES, [PROMPT]: "Other." });
  const unread = new Map([...changed.files].filter(([path]) => path !== PROMPT));
  const head = { config: aConfig(), snapshot: { ...changed, files: unread } };
  const files = changedFiles(base.snapshot.tree, head.snapshot.tree);
  const expected = [`prompt ${PROMPT}`, `model ${PROMPT}`];
  expect(words(classifyChanges({ base, head, files }))).toEqual(expected);
  expect(words(classifyChanges({ base: head, head: base, files }))).toEqual(expected);
});

test("says which changed files must be read because front matter may stand in them, in bounds", () => {
  const config = agentConfig({ changes: { prompt: ["src/prompts/**"], memory: ["notes/**"] } });
  const changed = ["src/prompts/b.ts", PROMPT, "notes/a.md", "src/other.ts", "agent/policies/refund.md"];
  const files = changed.map((path) => ({ path, kind: "modified" as const }));
  expect(promptPaths(config, files)).toEqual(["agent/policies/refund.md", PROMPT, "src/prompts/b.ts"]);
  const many = Array.from({ length: 3_000 }, (_, index) => ({
    path: `src/prompts/${index}.md`,
    kind: "modified" as const,
  }));
  expect(promptPaths(config, many)).toHaveLength(500);
});

/** What differs in `file` where only `keys` of it are watched. */
function watchedChanges(file: string, keys: readonly string[], before: string, after: string): string[] {
  const config = agentConfig({ changes: { retrieval: [{ file, keys: [...keys] }] } });
  const sides = [before, after].map((text) => ({ config, files: { [file]: text } }));
  const [base, head] = sides;
  return words(classify({ ...(base && { base }), ...(head && { head }) })).map((word) =>
    word.replace(`retrieval ${file}`, ""),
  );
}

test.each<readonly [string, string, string, string, string, readonly string[]]>([
  ["an anchor", "a.yml", "index", "x: &x { v: 1 }\nindex: *x", "x: &x { v: 2 }\nindex: *x", ["#index"]],
  [
    "an anchor written out",
    "a.yml",
    "index",
    "x: &x { v: 1 }\nindex: *x",
    "x: { v: 1 }\nindex: { v: 1 }",
    [],
  ],
  ["a renamed anchor", "a.yml", "index", "x: &x 1\nindex: *x", "x: &y 1\nindex: *y", []],
  ["a merge", "a.yml", "i.v", "x: &x { v: 1 }\ni: { <<: *x }", "x: &x { v: 2 }\ni: { <<: *x }", ["#i.v"]],
  [
    "a merge overridden",
    "a.yml",
    "i.v",
    "x: &x { v: 1 }\ni: { <<: *x, v: 9 }",
    "x: &x { v: 2 }\ni: { v: 9, <<: *x }",
    [],
  ],
  [
    "several merges",
    "a.yml",
    "i.v",
    "x: &x { v: 1 }\ny: &y { v: 2 }\ni: { <<: [*x, *y] }",
    "x: &x { v: 1 }\ny: &y { v: 2 }\ni: { <<: [*y, *x] }",
    ["#i.v"],
  ],
  [
    "an item of a list by place",
    "a.json",
    "r.1.m",
    '{"r":[{"m":1},{"m":2}]}',
    '{"r":[{"m":1},{"m":3}]}',
    ["#r.1.m"],
  ],
  ["another item", "a.json", "r[0].m", '{"r":[{"m":1},{"m":2}]}', '{"r":[{"m":1},{"m":3}]}', []],
  ["each item", "a.json", "r.m", '{"r":[{"m":1},{"m":2}]}', '{"r":[{"m":1},{"m":3}]}', ["#r.m"]],
  ["each item, by star", "a.json", "r[*].m", '{"r":[{"m":1,"n":1}]}', '{"r":[{"m":1,"n":2}]}', []],
  ["items that change places", "a.json", "r", '{"r":[1,2]}', '{"r":[2,1]}', ["#r"]],
  ["a table of TOML in a list", "a.toml", "r.m", "[[r]]\nm = 1", "[[r]]\nm = 2", ["#r.m"]],
  ["a comment and the order of TOML", "a.toml", "r", "[r]\na = 1\nb = 2", "# x\n[r]\nb = 2\na = 1", []],
  [
    "a name that holds dots",
    "a.yml",
    "m.gpt-4.1.t",
    "m: { gpt-4.1: { t: 1 } }",
    "m: { gpt-4.1: { t: 2 } }",
    ["#m.gpt-4.1.t"],
  ],
  ["a value in the way", "a.yml", "index.version", "index: a", "index: b", ["#index.version"]],
  ["a value in the way that stays", "a.yml", "index.version", "index: a", "index: a\nother: 1", []],
  ["null for nothing", "a.yml", "index", "index:", "other: 1", ["#index"]],
  ["one word for another kind of value", "a.yml", "index", "index: 1", 'index: "1"', ["#index"]],
  ["two documents", "a.yml", "index", "index: 1", "index: 1\n---\nindex: 2", [""]],
  ["a tag that nobody knows", "a.yml", "index", "index: 1", "index: !env INDEX", [""]],
  ["a file of no known kind", "a.ini", "index", "index=1", "index=2", [""]],
])("watched keys: %s", (_, file, key, before, after, expected) => {
  expect(watchedChanges(file, [key], before, after)).toEqual(expected);
});

test("a file renamed out of a watched folder counts by its old path, and into one by its new path", () => {
  const text = AGENT_FILES["kb/refund_policy.md"];
  const out = { "kb/refund_policy.md": undefined, "attic/refund_policy.md": text };
  expect(words(classify({ head: { files: out } }))).toEqual(["retrieval kb/refund_policy.md"]);
  expect(words(classify({ base: { files: out } }))).toEqual(["retrieval kb/refund_policy.md"]);
});

test("a model file that moves counts on both sides", () => {
  const head = {
    config: agentConfig({ model: { file: "m.yml", parameters: "parameters" } }),
    files: { "agent/model.yml": undefined, "m.yml": AGENT_FILES["agent/model.yml"] },
  };
  expect(words(classify({ head }))).toEqual([
    `model ${CONFIG_PATH}#agents.refund.model`,
    `topology ${CONFIG_PATH}#agents.refund.model`,
    "model agent/model.yml#model",
    "model agent/model.yml#parameters",
    "model m.yml#model",
    "model m.yml#parameters",
  ]);
});

test.each(["model: [", "a: 1\na: 2", `{${"[".repeat(90)}`])(
  "a model file that cannot be read (%.12s) counts as a whole",
  (text) => {
    expect(words(classify({ head: { files: { "agent/model.yml": text } } }))).toEqual([
      "model agent/model.yml",
    ]);
  },
);

test("a model file whose content was not read counts as a whole", () => {
  const base = { config: aConfig(), snapshot: aSnapshot(AGENT_FILES) };
  const changed = aSnapshot({
    ...AGENT_FILES,
    "agent/model.yml": "model: m-1\nparameters: { temperature: 0 }",
  });
  const head = { config: aConfig(), snapshot: { ...changed, files: new Map<string, string>() } };
  const files = changedFiles(base.snapshot.tree, head.snapshot.tree);
  expect(words(classifyChanges({ base, head, files }))).toEqual(["model agent/model.yml"]);
});

test.each<readonly [string, Partial<WrittenAgent>, readonly string[]]>([
  ["turns", { max_turns: 3 }, [`topology ${CONFIG_PATH}#agents.refund.max_turns`]],
  ["spans", { spans: { ask: { as: "approval:required" } } }, [`topology ${CONFIG_PATH}#agents.refund.spans`]],
  ["retrieval", { retrieval: undefined }, [`topology ${CONFIG_PATH}#agents.refund.retrieval`]],
  ["prompts", { system: ["agent/prompts/system.md"] }, [`topology ${CONFIG_PATH}#agents.refund.system`]],
  [
    "a model by name",
    { model: "m-2", parameters: { temperature: 1 } },
    [
      `model ${CONFIG_PATH}#agents.refund.model`,
      `topology ${CONFIG_PATH}#agents.refund.model`,
      `model ${CONFIG_PATH}#agents.refund.parameters`,
      `topology ${CONFIG_PATH}#agents.refund.parameters`,
    ],
  ],
])("another setting of %s changes the topology", (_, overrides, expected) => {
  expect(words(classify({ head: { config: agentConfig(overrides) } }))).toEqual(expected);
});

test("handoffs to another agent change the topology of the one that hands over", () => {
  const agents = { refund: aWrittenAgent(), support: aWrittenAgent({ system: ["s.md"] }) };
  const handing = { ...agents, refund: aWrittenAgent({ handoffs: { escalate: "support" } }) };
  const changes = classify({
    base: { config: aConfig({ agents }) },
    head: { config: aConfig({ agents: handing }) },
  });
  expect(words(changes)).toEqual([`topology ${CONFIG_PATH}#agents.refund.handoffs`]);
});

test("what decides how to judge is no change of the agent", () => {
  const config = aConfig({
    gate: { max_cost_usd: 1, unscoped: "all" },
    agents: { refund: aWrittenAgent({ changes: { prompt: ["src/**"] } }) },
  });
  expect(classify({ head: { config } })).toEqual([]);
});

test("an agent that comes or goes changes the topology", () => {
  const two = aConfig({ agents: { refund: aWrittenAgent(), extra: aWrittenAgent({ system: ["x.md"] }) } });
  const expected = [`extra: topology ${CONFIG_PATH}#agents.extra`];
  expect(words(classify({ head: { config: two } }))).toEqual(expected);
  expect(words(classify({ base: { config: two } }))).toEqual(expected);
});

test("the changes that a configuration lists count beside the files that it names", () => {
  const config = agentConfig({
    changes: {
      prompt: ["src/prompts/**"],
      tools: ["src/tools.ts"],
      policy: ["agent/prompts/**"],
      retrieval: [{ file: "index.toml", keys: ["index.version"] }],
      topology: ["src/router.ts"],
    },
  });
  const both = { base: { config, files: { "index.toml": "[index]\nversion = 1" } } };
  const files = {
    "src/prompts/a.ts": "x",
    "src/tools.ts": "x",
    "src/router.ts": "x",
    "agent/prompts/system.md": "x",
    "index.toml": "# new\n[index]\nversion = 2\nnote = 'x'",
  };
  expect(words(classify({ ...both, head: { config, files } }))).toEqual([
    "policy agent/prompts/system.md",
    "prompt src/prompts/a.ts",
    "tools src/tools.ts",
    "retrieval index.toml#index.version",
    "topology src/router.ts",
  ]);
});

test("a file may belong to several agents and several types", () => {
  const changes = { prompt: ["shared/**"], policy: ["shared/rules.md"] };
  const config = aConfig({
    agents: {
      refund: aWrittenAgent({ changes }),
      support: aWrittenAgent({ changes: { memory: ["shared/*"] } }),
    },
  });
  const changed = classify({ base: { config }, head: { config, files: { "shared/rules.md": "x" } } });
  expect(words(changed)).toEqual([
    "prompt shared/rules.md",
    "policy shared/rules.md",
    "support: memory shared/rules.md",
  ]);
});

test("an agent called like a member of every object is compared like any other", () => {
  const config = aConfig({ agents: { constructor: aWrittenAgent() } });
  expect(words(classify({ base: { config }, head: { config } }))).toEqual([]);
  expect(words(classify({ head: { config } }))).toContain(
    `constructor: topology ${CONFIG_PATH}#agents.constructor`,
  );
});

test("says which files must be read on both sides to compare keys", () => {
  const changes = {
    model: [{ file: "b.yml", keys: ["x"] }],
    prompt: ["p/**"],
    memory: [{ file: "a.toml", keys: ["y"] }],
  };
  const config = aConfig({
    agents: { refund: aWrittenAgent({ changes }), other: aWrittenAgent({ model: "m-1" }) },
  });
  expect(keyLevelPaths(config)).toEqual(["a.toml", "agent/model.yml", "b.yml"]);
});
