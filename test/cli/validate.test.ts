import { readFileSync } from "node:fs";
import { afterEach, describe, expect, test } from "@jest/globals";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { callCommandLine } from "../build/command-line.ts";
import { aDeskFixture, DESK_FILES } from "../build/desk-agent.ts";
import { expectGolden } from "../build/golden.ts";

let checkout: TestCheckout;
afterEach(() => checkout.remove());

async function validate(files: Readonly<Record<string, string>>) {
  checkout = makeCheckout(files);
  return await callCommandLine(["validate"], { folder: checkout.folder });
}

test("what can be used is counted", async () => {
  expect(await validate(DESK_FILES)).toMatchObject({ code: 0, printed: "valid: 1 agent, 2 fixtures\n" });
});

test("two mistakes in the configuration are both named, each with its line, beside a broken fixture", async () => {
  const config =
    "version: 1\nagents:\n  desk:\n    target: anthropic\n    modle: m\n    system: [agent/prompt.md]\ngate: { trials: { pull_request: 0 } }\n";
  const { code, printed, said } = await validate({
    ...DESK_FILES,
    ".github/incident-to-eval.yml": config,
    "evals/torn.yml": aDeskFixture("torn").replace("level: blocking", "levle: blocking"),
  });
  expect(code).toBe(2);
  expectGolden("cli/validate-configuration.txt", printed + said);
});

test("broken agents, broken fixtures, shared ids and unknown agents are all named", async () => {
  const { code, printed, said } = await validate({
    ...DESK_FILES,
    "agent/tools.json": '[{ "name": 1 }]',
    "evals/again.yml": aDeskFixture("polite"),
    "evals/lost.yml": aDeskFixture("lost").replace("agent: desk", "agent: till"),
    "evals/torn.yml": "id: torn\nagent: desk\nlevel: [\n",
  });
  expect(code).toBe(2);
  expectGolden("cli/validate-fixtures.txt", printed + said);
});

test("without a configuration the way to one is said", async () => {
  expect(await validate({ "README.md": "Hello.\n" })).toMatchObject({
    code: 2,
    printed: expect.stringContaining("incident-to-eval init"),
  });
});

const FORM = `name: Incident
description: What went wrong.
labels: [incident]
body:
  - type: textarea
    attributes: { label: What happened }
`;

describe("every kind of file says file, line, column, what is expected, and the nearest legal word", () => {
  test.each([
    {
      file: ".github/incident-to-eval.yml",
      from: "target: anthropic",
      to: "target: antropic",
      says: "agents.desk.target (line 4, column 5): expected anthropic",
    },
    {
      file: ".github/incident-to-eval.yml",
      from: "gate:",
      to: "gaet:",
      says: 'gaet (line 8, column 1): expected the key gate, got the unknown key "gaet"',
    },
    {
      file: ".github/incident-to-eval.yml",
      from: "system: [agent/prompt.md]",
      to: "system: [agent/promt.md]",
      says: "agent desk: system[0]",
    },
    {
      file: "evals/golden/polite.yml",
      from: "level: warning",
      to: "level: warnign",
      says: 'level (line 2, column 1): expected blocking | warning | exploratory, got "warnign" (did you mean warning?)',
    },
    {
      file: "evals/golden/polite.yml",
      from: "must_contain",
      to: "must_contian",
      says: "expect.output.must_contian (line 8, column 43): expected the key must_contain",
    },
    {
      file: "evals/golden/polite.yml",
      from: "agent: desk",
      to: "agent: desk1",
      says: "agent (line 3, column 1): expected desk, got desk1 (did you mean desk?)",
    },
    {
      file: "evals/golden/polite.yml",
      from: "tags: [money]",
      to: "tags: [money",
      says: "the file (line 5, column 1): expected plain YAML 1.2",
    },
    {
      file: "agent/tools.json",
      from: '"name":"read_order"',
      to: '"name":"read order"',
      says: "agent/tools.json[0].name (line 1, column 3): expected letters, digits, _ and -",
    },
    { file: "agent/tools.json", from: "}]", to: "}", says: "agent/tools.json (line 1, column " },
    {
      file: ".github/ISSUE_TEMPLATE/llm-incident.yml",
      from: "textarea",
      to: "textaera",
      says: 'body[0].type (line 5, column 5): expected markdown | textarea | input | dropdown | checkboxes | upload, got "textaera" (did you mean textarea?)',
    },
    {
      file: ".github/ISSUE_TEMPLATE/llm-incident.yml",
      from: "labels: [incident]",
      to: "labels: [bug]",
      says: "labels (line 3, column 1): expected the label incident (`incidents.label`), got bug",
    },
    {
      file: ".github/ISSUE_TEMPLATE/llm-incident.yml",
      from: "description:",
      to: "descripton:",
      says: "descripton (line 2, column 1): expected the key description",
    },
  ])("$file: $says", async ({ file, from, to, says }) => {
    const files: Readonly<Record<string, string>> = {
      ...DESK_FILES,
      ".github/ISSUE_TEMPLATE/llm-incident.yml": FORM,
    };
    expect(files[file]).toContain(from);
    const { code, printed } = await validate({ ...files, [file]: (files[file] ?? "").replace(from, to) });
    expect(code).toBe(2);
    expect(printed).toContain(says);
    if (!says.startsWith("agent")) expect(printed).toContain(`${file}: ${says}`);
  });

  test("the forms that we offer, and forms that are about something else, have nothing wrong", async () => {
    const offered = readFileSync("evals/templates/llm-incident.yml", "utf8");
    const short = readFileSync("evals/templates/llm-incident-short.yml", "utf8");
    const files = {
      ...DESK_FILES,
      ".github/ISSUE_TEMPLATE/llm-incident.yml": offered,
      ".github/ISSUE_TEMPLATE/llm-incident-short.yml": short,
      ".github/ISSUE_TEMPLATE/bug.yml": "name: Bug\n",
      ".github/ISSUE_TEMPLATE/config.yml": "blank_issues_enabled: false\n",
    };
    expect(await validate(files)).toMatchObject({ code: 0 });
  });

  test("a fixture with a wrong key and a contradiction tells both", async () => {
    const torn = aDeskFixture("torn").replace("level:", "levle: x\nlevel:").replace("[refunded]", '["["]');
    const contrary = torn.replace("must_contain: [colleague]", 'must_match: ["["]');
    const { printed } = await validate({ ...DESK_FILES, "evals/torn.yml": contrary });
    expect(printed).toContain("levle (line 2, column 1)");
    expect(printed).toContain("expect.output.must_match[0] (line 9");
  });
});
