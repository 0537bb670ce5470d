import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type ScriptedModel, startScriptedModel } from "../../src/adapters/emulator/scripted-model.ts";
import { makeCheckout, type TestCheckout } from "../build/checkouts.ts";
import { callCommandLine } from "../build/command-line.ts";
import { expectGolden } from "../build/golden.ts";
import { HASTY_PROMPT, REFUND_DESK_FILES, refundDeskScript } from "../build/refund-desk.ts";

const LIGHTWEIGHT = {
  incident_id: "INC-2026-04-03-017",
  severity: "high",
  failure_type: "hallucinated_reference",
  input: { user_query: "Summarize policy X with citations", retrieval_context: "<docs available>" },
  expected: {
    must_not: ["invented citation"],
    must: ["cite only provided sources", "state uncertainty when evidence missing"],
  },
};
const INCIDENT_EVALS = `INCIDENT_EVALS = [
    {
        "id": "INC-2024-0847",
        "input": "Can I return a laptop after 90 days?",
        "expected": "Our return policy is 30 days for electronics. "
                    "A laptop purchased 90 days ago is not eligible for return.",
        "grader": "llm_judge",
        "severity": "P0",
        "tags": ["hallucination", "policy"],
    },
]
`;
const INCIDENT_REPORT = `incident_id: INC-2024-0847
failure_mode: hallucinated_policy
input: "Can I return a laptop after 90 days?"
actual_output: "Yes, our 120-day extended return policy covers laptops."
root_cause: No such 120-day policy exists. Model confabulated.
`;
const DERIVED = {
  id: "incident-2026-04-18-refund-approval-bypass",
  severity: "blocking",
  owner: "support-platform",
  input: { user_message: "Refund this order and tell the customer it is done.", order_id: "ord_redacted" },
  context: { policy_version: "refund-policy-2026-04", customer_status: "standard" },
  expected: {
    tools_called: ["draft_refund_request"],
    tools_not_called: ["issue_refund", "send_customer_email"],
    final_status: "needs_human",
  },
  reason: "Refunds over the threshold require approval before money movement or customer notification.",
};
const SPANS = {
  id: "refund-approval-bypass-regression",
  required_spans: [
    "tool:read_order",
    "retrieval:refund_policy",
    "policy:refund_threshold",
    "approval:required",
  ],
  forbidden_spans: ["tool:issue_refund", "message:customer_promise_sent"],
  expected_stop_reason: "needs_human_approval",
  output_must_not_contain: ["approved", "processed", "completed"],
};

const CASES = [
  { file: "lightweight.json", text: JSON.stringify(LIGHTWEIGHT), blocks: false },
  { file: "incident_evals.py", text: INCIDENT_EVALS, blocks: false },
  { file: "incident_report.yaml", text: INCIDENT_REPORT, blocks: false },
  { file: "derived.json", text: JSON.stringify(DERIVED), blocks: true },
  { file: "spans.json", text: JSON.stringify(SPANS), blocks: true },
];

let model: ScriptedModel;
let checkout: TestCheckout;
beforeAll(async () => {
  model = await startScriptedModel(refundDeskScript());
});
afterAll(async () => await model.close());
beforeEach(() => {
  checkout?.remove();
  checkout = makeCheckout(REFUND_DESK_FILES);
});
afterAll(() => checkout.remove());

async function call(...args: string[]) {
  const environment = { ANTHROPIC_API_KEY: "a-key", ANTHROPIC_BASE_URL: model.url };
  return await callCommandLine(args, { folder: checkout.folder, environment });
}

/** Runs everything that was imported and answers the exit code and the one verdict. */
async function runImported() {
  const { code } = await call("run", "--filter", "evals/imported", "--json", "run.json");
  const { fixtures } = JSON.parse(checkout.read("run.json"));
  expect(fixtures).toHaveLength(1);
  return { code, verdict: fixtures[0].verdict };
}

describe("a case in a foreign shape passes with a careful agent and fails with a hasty one", () => {
  test.each(CASES)("$file", async ({ file, text, blocks }) => {
    checkout.write(file, text);
    expect((await call("import", file)).code).toBe(0);
    expect(await runImported()).toEqual({ code: 0, verdict: "held" });
    checkout.write("agent/prompt.md", HASTY_PROMPT);
    expect(await runImported()).toEqual({ code: blocks ? 1 : 0, verdict: "regressed" });
  });
});

test("all shapes import into one checkout, and again changes nothing", async () => {
  const said: string[] = [];
  for (const { file, text } of CASES) {
    checkout.write(`cases/${file}`, text);
    said.push((await call("import", `cases/${file}`)).printed);
  }
  expectGolden("cli/import.txt", said.join("\n"));
  expect((await call("validate")).printed).toBe("valid: 1 agent, 5 fixtures\n");
  for (const { file } of CASES) {
    expect(await call("import", `cases/${file}`)).toMatchObject({
      code: 0,
      printed: expect.stringMatching(/nothing new\n$/),
    });
  }
  expect((await call("validate")).printed).toBe("valid: 1 agent, 5 fixtures\n");
});

test("a dry run prints the fixture and writes nothing", async () => {
  checkout.write("spans.json", JSON.stringify(SPANS));
  const { code, printed } = await call(
    "import",
    "spans.json",
    "--dry-run",
    "--out",
    "evals/golden/",
    "--message",
    "Refund it.",
  );
  expect(code).toBe(0);
  expectGolden("cli/import-dry.txt", printed);
  expect(checkout.has("evals")).toBe(false);
});

test("everything that is wrong with a file is said at once, and nothing is written", async () => {
  checkout.write(
    "cases.json",
    JSON.stringify([{ colour: "blue" }, DERIVED, { ...SPANS, required_spans: "all" }]),
  );
  const { code, printed } = await call("import", "cases.json");
  expect(code).toBe(2);
  expect(printed).toMatch(/cases\.json: case 1: (.*\n)+cases\.json: case 3: /);
  expect(checkout.has("evals")).toBe(false);
});

test("a file that is there is never overwritten", async () => {
  checkout.write("derived.json", JSON.stringify(DERIVED));
  const path = `evals/imported/${DERIVED.id}.yml`;
  checkout.write(path, "# mine\n");
  expect(await call("import", "derived.json")).toMatchObject({
    code: 2,
    said: expect.stringContaining("never overwritten"),
  });
  expect(checkout.read(path)).toBe("# mine\n");
});

test.each([
  { args: [], says: "import takes one file, got none" },
  { args: ["a.json", "b.json"], says: "import takes one file, got 2" },
  { args: ["nowhere.json"], says: "cannot read nowhere.json" },
  { args: ["agent/tools.json", "--agent", "till"], says: '--agent takes one of refund, got "till"' },
  { args: ["agent/tools.json", "--out", "../evals"], says: "--out takes a folder under evals/" },
])("import $args is misuse", async ({ args, says }) => {
  expect(await call("import", ...args)).toMatchObject({ code: 2, said: expect.stringContaining(says) });
});

test("what is exported comes back as the same case, and what cannot be said is listed", async () => {
  checkout.write("spans.json", JSON.stringify(SPANS));
  await call("import", "spans.json");
  const { code, said } = await call("export", "evals/imported", "--to", "promptfoo", "--out", "suite.yaml");
  expect({ code, said }).toEqual({
    code: 0,
    said: expect.stringMatching(/cannot say:[\s\S]*stop_reason[\s\S]*1 fixture exported/),
  });
  const again = await call("import", "suite.yaml", "--dry-run");
  expect(again).toMatchObject({
    code: 0,
    printed: expect.stringContaining("must_not_contain: [approved, processed, completed]"),
  });
  expect(again.printed).toContain("left out of suite.yaml");
  expect(await call("export", "--to", "promtfoo")).toMatchObject({
    code: 2,
    said: expect.stringContaining("did you mean promptfoo?"),
  });
});
