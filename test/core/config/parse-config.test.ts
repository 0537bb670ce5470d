import { expect, test } from "@jest/globals";
import { parseConfig } from "../../../src/core/config/parse-config.ts";
import { problemText } from "../../../src/core/problem.ts";

const WHOLE = `
version: 1
owner: "@acme/agent-quality"
incidents: { label: incident }
agents:
  refund:
    target: anthropic
    model: { file: agent/model.yml, key: model, parameters: parameters }
    system: [agent/prompts/system.md, agent/policies/refund.md]
    tools: agent/tools.json
    memory: [agent/memory/*.md]
    retrieval: { tool: search_docs, documents: [kb/**/*.md] }
    handoffs: { escalate: support }
    spans:
      request_approval: { as: "approval:required", stop: needs_human_approval }
    changes:
      prompt: [agent/prompts/**]
      model: [{ file: agent/model.yml, keys: [model, parameters] }]
  support:
    target: anthropic
    model: m-1
    parameters: { temperature: 0 }
    system: [agent/support.md]
judge: { calibration: evals/calibration/** }
gate: { bases: [main, release/1.x] }
override: { warning: write, blocking: ["@acme/release-authority"] }
`;

function problems(text: string): string[] {
  const read = parseConfig(text);
  return read.kind === "unusable" ? read.problems.map(problemText) : [];
}

/** The whole configuration with one piece of text replaced. */
function whole(from: string, to: string): string {
  expect(WHOLE).toContain(from);
  return WHOLE.replace(from, to);
}

test("reads a whole configuration and fills in the defaults", () => {
  const read = parseConfig(WHOLE);
  expect(problems(WHOLE)).toEqual([]);
  expect(read.kind === "parsed" && read.value.agents.refund?.max_turns).toBe(12);
  expect(read.kind === "parsed" && read.value.gate.trials.pull_request).toBe(5);
});

test("names two mistakes at once, each with its line and the nearest valid key", () => {
  const text = whole("bases:", "base:").replace("memory:", "memmory:");
  expect(problems(text)).toEqual([
    'agents.refund.memmory (line 11): expected the key memory, got the unknown key "memmory"',
    'gate.base (line 25): expected the key bases, got the unknown key "base"',
  ]);
});

test.each([
  [
    "escalate: support",
    "escalate: suport",
    "agents.refund.handoffs.escalate (line 13): expected the agent support, got the unknown agent suport",
  ],
  [
    "escalate: support",
    "escalate: refund",
    "expected another agent than the one that hands over, got refund",
  ],
  [
    "tool: search_docs",
    "tool: escalate",
    "agents.refund.retrieval.tool (line 12): expected a tool that is not a handoff too",
  ],
  [
    "request_approval:",
    "search_docs:",
    "agents.refund.spans.search_docs (line 15): expected a tool that has no other meaning, got search_docs, which is the retrieval tool",
  ],
  ["request_approval:", "escalate:", "got escalate, which is a handoff"],
  ["request_approval:", "tool call:", "agents.refund.spans"],
  ["key: model,", 'key: "a..b",', "agents.refund.model.key (line 8): expected a key, with dots"],
  ["keys: [model, parameters]", 'keys: [model, " "]', "agents.refund.changes.model[0].keys[1]"],
  ["parameters: { temperature: 0 }", "handoffs: { a: refund, b: nobody }", "agents.support.handoffs.b"],
  [
    "target: anthropic\n    model: m-1",
    "target: gemini\n    model: m-1",
    'agents.support.target (line 20): expected anthropic | openai | http | command, got "gemini"',
  ],
  [
    "bases: [main, release/1.x]",
    "bases: [main, 'release/*', refs/heads/x]",
    "gate.bases[1] (line 25): expected the name of a branch, such as main, got release/*",
  ],
  ["bases: [main, release/1.x]", "bases: [main, 'release/*', refs/heads/x]", "gate.bases[2]"],
  [
    "warning: write",
    "warning: anyone",
    "override.warning (line 26): expected triage, write, maintain, admin, or a person or team",
  ],
  ["[agent/prompts/**]", "[/agent/prompts/**]", "agents.refund.changes.prompt[0]"],
  ["[agent/prompts/**]", "['agent/{prompts']", "expected a } for every {"],
  ["[agent/memory/*.md]", "['!agent/memory/*.md']", "agents.refund.memory[0]"],
  ["[agent/support.md]", "[../secrets.md]", "agents.support.system[0]"],
  [
    "tools: agent/tools.json",
    "tools: agent/*.json",
    "agents.refund.tools (line 10): expected the path of one file, not a glob",
  ],
  ["file: agent/model.yml, key", "file: ./model.yml, key", "agents.refund.model.file"],
  ["evals/calibration/**", "/evals/**", "judge.calibration"],
  ["[kb/**/*.md]", "[]", "agents.refund.retrieval.documents"],
  [
    "    model: { file: agent/model.yml, key: model, parameters: parameters }",
    "    parameters: {}\n    model: { file: agent/model.yml }",
    "agents.refund.parameters (line 8): expected parameters in agent/model.yml",
  ],
  ["version: 1", "version: 2", "version (line 2): expected 1, got 2"],
])("%s → %s is answered with %s", (from, to, words) => {
  expect(problems(whole(from, to)).join("\n")).toContain(words);
});

test("a wrong key and a name that leads nowhere are told together", () => {
  const text = whole("escalate: support", "escalate: suport").replace("memory:", "memmory:");
  expect(problems(text)).toEqual([
    'agents.refund.memmory (line 11): expected the key memory, got the unknown key "memmory"',
    "agents.refund.handoffs.escalate (line 13): expected the agent support, got the unknown agent suport",
  ]);
});

test.each([
  ["", "the file"],
  ["- a\n", "the file"],
  ["agents: {}\nversion: 1\n", "at least one agent"],
  ["a: &a [x]\nb: [*a, *a]\n", "unknown key"],
  ["version: 1\nagents: { a: !!js/function 'x' }\n", "plain YAML"],
])("%j is answered, never thrown", (text, words) => {
  expect(problems(text).join("\n")).toContain(words);
});

test("a configuration with more agents than can be kept apart is refused", () => {
  const agents = Array.from(
    { length: 51 },
    (_, n) => `  a${n}: { target: anthropic, model: m, system: [a.md] }`,
  );
  expect(problems(`version: 1\nagents:\n${agents.join("\n")}\n`)).toEqual([
    "agents (line 2): expected at most 50 agents, got 51",
  ]);
});

test("redaction lets stand what is named in its exact letters or by a pattern", () => {
  const allow = "allow: [support@acme.com, { pattern: 'test-\\d+@acme\\.com' }]";
  const read = parseConfig(whole("{ label: incident }", `{ label: incident, redaction: { ${allow} } }`));
  expect(read.kind === "parsed" && read.value.incidents.redaction.allow).toEqual([
    "support@acme.com",
    { pattern: "test-\\d+@acme\\.com" },
  ]);
});

test.each([
  [".*", "expected a pattern for particular values"],
  ["\\S+@\\S+", "expected a pattern for particular values"],
  ["a|.+", "expected a pattern for particular values"],
  ["(a+)+(?=b)", "expected a regular expression in linear-time (RE2) syntax"],
  ["(x{1000}){1000}", "incidents.redaction.allow[0].pattern"],
  ["a".repeat(201), "incidents.redaction.allow[0]"],
])("redaction refuses the pattern %s", (pattern, said) => {
  const text = whole(
    "{ label: incident }",
    `{ label: incident, redaction: { allow: [{ pattern: ${JSON.stringify(pattern)} }] } }`,
  );
  expect(problems(text).join()).toContain(said);
});

const OUTSIDE = `
version: 1
agents:
  refund:
    target: http
    endpoint: https://agent-{sha}.preview.acme.com/run
    delivers: [approval]
  local:
    target: command
    command: [node, agent.js]
    environment: [OPENAI_API_KEY]
`;

test("agents that run elsewhere are read with their defaults", () => {
  const read = parseConfig(OUTSIDE);
  expect(problems(OUTSIDE)).toEqual([]);
  expect(read.kind === "parsed" && read.value.agents.refund).toMatchObject({
    timeout_ms: 120_000,
    max_turns: 12,
  });
});

test.each([
  ["https://agent-{sha}", "ftp://agent-{sha}", "agents.refund.endpoint (line 6): expected an https address"],
  ["https://agent-{sha}", "https://user:pw@agent-{sha}", "AGENT_TOKEN_…`), got a password"],
  ["https://agent-{sha}", "agent-{sha}", "agents.refund.endpoint"],
  ["delivers: [approval]", "deliver: [approval]", "expected the key delivers"],
  ["delivers: [approval]", "system: [a.md]", "agents.refund.system"],
  ["delivers: [approval]", "handoffs: { a: local }", "agents.refund.handoffs"],
  ["[node, agent.js]", "node agent.js", "agents.local.command (line 10): expected a list"],
  ["[OPENAI_API_KEY]", "['A=B']", "expected names of environment variables"],
])("%s → %s of an agent that runs elsewhere is answered with %s", (from, to, words) => {
  expect(OUTSIDE).toContain(from);
  expect(problems(OUTSIDE.replace(from, to)).join("\n")).toContain(words);
});

test("what is replayed here hands over to what is replayed here", () => {
  const text = `${OUTSIDE}  desk: { target: openai, model: m, system: [a.md], handoffs: { up: refund } }\n`;
  expect(problems(text).join()).toContain(
    "expected an agent with the target anthropic or openai, got refund",
  );
});
