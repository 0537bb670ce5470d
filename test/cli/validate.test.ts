import { afterEach, expect, test } from "@jest/globals";
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
