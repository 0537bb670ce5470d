import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { parseScript } from "../../src/adapters/emulator/script.ts";
import { type ScriptedModel, startScriptedModel } from "../../src/adapters/emulator/scripted-model.ts";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { callCommandLine } from "../build/command-line.ts";
import { DESK_FILES } from "../build/desk-agent.ts";

const SCRIPT = `rules:
  - when: { structured: true, any_user_contains: turn away }
    reply: { error: { status: 401, type: authentication_error, message: no such key } }
  - when: { structured: true, any_user_contains: refunded }
    reply: { json: { item_1: { because: it promises, quote: refunded, verdict: "no" } } }
  - when: { structured: true }
    reply: { json: { item_1: { because: it waits, quote: "", verdict: "yes" } } }
`;
const RESULT = "evals/calibration/results.json";

let model: ScriptedModel;
let checkout: TestCheckout;
beforeAll(async () => {
  const script = parseScript(SCRIPT);
  if (script.kind === "unusable") throw new Error("the judge's script is broken");
  model = await startScriptedModel(script.value);
});
afterAll(async () => {
  await model.close();
});
beforeEach(() => {
  const config = `${DESK_FILES[".github/incident-to-eval.yml"]}judge: { calibration: evals/calibration/** }\n`;
  checkout = makeCheckout({
    ...DESK_FILES,
    ".github/incident-to-eval.yml": config,
    "evals/calibration/desk.yml": examples(20),
  });
});
afterEach(() => checkout.remove());

function examples(each: number, answer = "I ask a colleague."): string {
  const one = (id: string, text: string, label: string) =>
    `  - { id: ${id}, answer: "${text}", must_not: promise it, label: ${label} }\n`;
  const pairs = Array.from(
    { length: each },
    (_, at) => one(`waits-${at}`, answer, "pass") + one(`promises-${at}`, "It is refunded.", "fail"),
  );
  return `examples:\n${pairs.join("")}`;
}

async function calibrate(args: readonly string[] = []) {
  const environment = { ANTHROPIC_API_KEY: "a-key", ANTHROPIC_BASE_URL: model.url };
  return await callCommandLine(["calibrate", ...args], { folder: checkout.folder, environment });
}

test("a judge that is right may block, and --write binds what was found to it", async () => {
  const { code, printed } = await calibrate(["--write"]);
  expect(printed).toMatch(/40 examples[\s\S]*kappa\s+1\.00[\s\S]*It may block/);
  expect(code).toBe(0);
  expect(JSON.parse(checkout.read(RESULT))).toMatchObject({
    judge: expect.stringMatching(/^[0-9a-f]{12}$/),
    passes: { pass: 20, fail: 0, unclear: 0 },
    fails: { pass: 0, fail: 20, unclear: 0 },
  });
});

test.each([
  { what: "too few examples", text: () => examples(3), code: 1, says: /3 of at least 20 examples/ },
  { what: "a judge that is away", text: () => examples(1, "turn away"), code: 3, says: /could not be asked/ },
  { what: "an id twice", text: () => examples(1) + examples(1).slice(10), code: 2, says: /waits-0, 2 times/ },
  {
    what: "a broken file",
    text: () => "examples: [{ id: A }]",
    code: 2,
    says: /evals\/calibration\/desk.yml/,
  },
])("$what ends with $code and says why", async ({ text, code, says }) => {
  checkout.write("evals/calibration/desk.yml", text());
  const ended = await calibrate();
  expect(ended.said + ended.printed).toMatch(says);
  expect(ended.code).toBe(code);
});
