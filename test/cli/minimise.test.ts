import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { type ScriptedModel, startScriptedModel } from "../../src/adapters/emulator/scripted-model.ts";
import type { Terminal } from "../../src/cli/command.ts";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { callCommandLine } from "../build/command-line.ts";
import { CARELESS_PROMPT, DESK_FILES, deskScript } from "../build/desk-agent.ts";
import { expectGolden } from "../build/golden.ts";

const PATH = "evals/golden/long.yml";
const LONG = `# Asked for by the shop.
id: long
level: blocking
agent: desk
input:
  messages:
    - { role: user, content: Good morning. }
    - { role: assistant, content: Good morning! How can I help? }
    - { role: user, content: "I hope you are well. Refund ord_1. Many thanks!" }
  context:
    memory: [likes tea]
tools:
  read_order: [{ return: { total: 480 } }]
expect:
  output: { must_not_contain: [refunded] } # never promise it
`;

let model: ScriptedModel;
let checkout: TestCheckout;
beforeAll(async () => {
  model = await startScriptedModel(deskScript());
});
afterAll(async () => {
  await model.close();
});
beforeEach(() => {
  checkout = makeCheckout({ ...DESK_FILES, "agent/prompt.md": CARELESS_PROMPT, [PATH]: LONG });
});
afterEach(() => checkout.remove());

async function minimise(args: readonly string[], more: Partial<Terminal> = {}) {
  const environment = { ANTHROPIC_API_KEY: "a-key", ANTHROPIC_BASE_URL: model.url };
  return await callCommandLine(["minimise", ...args], { folder: checkout.folder, environment, ...more });
}

test("shows the smaller fixture, what went, and that it still fails; the file stays as it is", async () => {
  const { code, printed, said } = await minimise(["long", "--trials", "4"]);
  expect(code).toBe(0);
  expectGolden("cli/minimise.txt", `${said}\n${printed}`);
  expect(checkout.read(PATH)).toBe(LONG);
});

test("--write changes the case in the file and leaves comments and expectations as they are", async () => {
  expect((await minimise([PATH, "--trials", "2", "--write"])).code).toBe(0);
  expectGolden("cli/minimise-written.yml", checkout.read(PATH));
});

test.each([
  {
    what: "the agent passes it",
    change: () => checkout.write("agent/prompt.md", DESK_FILES["agent/prompt.md"] ?? ""),
    args: ["polite"],
    code: 2,
    says: "no failure to keep",
  },
  {
    what: "the provider turns us away",
    change: () => checkout.write(PATH, LONG.replace("Refund ord_1", "turn away")),
    args: ["long"],
    code: 3,
    says: "could not be evaluated",
  },
  {
    what: "there is no such fixture",
    change: () => undefined,
    args: ["lnog"],
    code: 2,
    says: "Did you mean long?",
  },
  {
    what: "no fixture is named",
    change: () => undefined,
    args: [],
    code: 2,
    says: "minimise takes one file",
  },
])("ends with $code where $what", async ({ change, args, code, says }) => {
  change();
  expect(await minimise(args)).toMatchObject({ code, said: expect.stringContaining(says) });
});

test("ends with 3 without a key", async () => {
  expect(await minimise(["long"], { environment: {} })).toMatchObject({
    code: 3,
    said: expect.stringContaining("ANTHROPIC_API_KEY"),
  });
});

test("no more is run than the budget allows", async () => {
  const before = model.requests().length;
  const { printed } = await minimise(["long", "--trials", "2", "--budget", "2"]);
  // Two tell how often it fails, two are the budget, two would confirm what was found.
  expect(model.requests().length - before).toBeLessThanOrEqual(6);
  expect(printed).toContain("a limit was reached");
});
