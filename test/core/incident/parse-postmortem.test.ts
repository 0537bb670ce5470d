import { describe, expect, test } from "@jest/globals";
import { parsePostmortem, type ReadPostmortem } from "../../../src/core/incident/parse-postmortem.ts";
import type { FieldId } from "../../../src/core/incident/postmortem.ts";
import { aFormBody } from "../../build/incident-bodies.ts";

function read(body: string, title = "A title"): ReadPostmortem {
  return parsePostmortem({ number: 7, title, body, author: "ana" });
}

function readForm(texts: Partial<Record<FieldId, string>>): ReadPostmortem {
  return read(aFormBody(texts));
}

test("reads a whole form", () => {
  const { postmortem, problems } = readForm({
    incident: "INC-9",
    severity: "S2 - High: several users",
    signal: "near miss caught by approval",
    agent: "`travel`",
    user_input: "> How many bags may I take?",
    observed: "It cancelled the flight.",
    expected: "Answer from the policy.",
    must: "- name the allowance\n- stay polite",
    must_not: "cancel anything",
    tools_called: 'get_booking(ref="QX7") → {"bags": 2}\ncancel_booking(ref="QX7")',
    tools_required: "get_booking",
    tools_forbidden: "- `cancel_booking`\n- issue_voucher",
    failure_types: "tool misuse, skipped approval, hallucination",
    root_causes: "prompt, policy",
    evaluation_gap: "missing adversarial cases",
    owner: "@acme/travel",
  });
  expect(problems).toEqual([]);
  expect(postmortem).toMatchObject({
    incident: "INC-9",
    severity: "S2",
    signal: "near_miss",
    agent: "travel",
    messages: [{ role: "user", content: "How many bags may I take?" }],
    must: ["name the allowance", "stay polite"],
    mustNot: ["cancel anything"],
    calls: [
      { tool: "get_booking", arguments: { ref: "QX7" }, result: { bags: 2 } },
      { tool: "cancel_booking", arguments: { ref: "QX7" }, result: undefined },
    ],
    toolsRequired: ["get_booking"],
    toolsForbidden: ["cancel_booking", "issue_voucher"],
    failureTypes: ["tool_misuse", "skipped_approval", "hallucination"],
    rootCauses: ["prompt", "policy"],
    evaluationGap: "missing_adversarial",
    owner: "@acme/travel",
  });
});

test("an empty form says nothing and has no problem", () => {
  const { postmortem, problems } = readForm({});
  expect(problems).toEqual([]);
  expect(postmortem).toMatchObject({
    severity: undefined,
    messages: [],
    calls: [],
    failureTypes: [],
    fields: {},
    rest: "",
  });
});

test("names every value that it did not understand, in the form's words", () => {
  const { problems } = readForm({
    severity: "T2",
    signal: "a hunch",
    failure_types: "hallucination, bad vibes",
    evaluation_gap: "who knows",
  });
  expect(problems.map(({ at, got }) => [at, got])).toEqual([
    ["Severity", "T2"],
    ["Signal", "a hunch"],
    ["Failure types", "bad vibes"],
    ["Why did our evals not catch it", "who knows"],
  ]);
});

test("finds the incident's id in the title where the form has none", () => {
  expect(read("### Actual\nx", "[incident] INC-2026-04-18 refund").postmortem.incident).toBe(
    "INC-2026-04-18",
  );
});

test("takes hidden characters and line breaks out of the title", () => {
  expect(read("", "Re\u200bfund\u202e \n now").postmortem.title).toBe("Refund now");
});

test("reads prose from an IT help desk with a few keys", () => {
  const { postmortem } = read(
    "Our bot reset somebody else's password.\n\n**Severity:** P1\n**Agent:** helpdesk\n**Input:** I can't log in\n**Expected:** Verify who it is first.\n**Tools called:** reset_password",
  );
  expect(postmortem).toMatchObject({
    severity: "S2",
    agent: "helpdesk",
    messages: [{ role: "user", content: "I can't log in" }],
    expected: "Verify who it is first.",
    calls: [{ tool: "reset_password", arguments: undefined, result: undefined }],
    rest: "Our bot reset somebody else's password.",
  });
});

describe("finer kinds of failure", () => {
  test.each([
    ["hallucinated_policy", ["hallucination"], ["hallucinated-policy"]],
    ["unsafe_action_no_approval", ["skipped_approval"], ["unsafe-action-no-approval"]],
    ["Over-refusal", ["incomplete_task"], ["over-refusal"]],
    ["LLM01: prompt injection (indirect)", ["safety_violation"], ["owasp-llm01", "prompt-injection"]],
    ["FM-1.3 step repetition", ["cost"], ["mast-fm-1.3", "loop-no-termination"]],
    ["- wrong tool\n- data leak", ["tool_misuse", "safety_violation"], ["wrong-tool", "data-leak"]],
    ["Tool misuse; not a hallucination", ["tool_misuse"], []],
    ["infra_regression", [], ["infra-regression"]],
  ])("%s", (text, types, tags) => {
    const { postmortem } = readForm({ failure_types: text });
    expect([postmortem.failureTypes, postmortem.failureTags]).toEqual([types, tags]);
  });
});

describe("what the user sent", () => {
  const asked = { role: "user", content: "Refund it" };
  test.each([
    ["plain text", "Refund it"],
    ["quotation marks", '"Refund it"'],
    ["a quote", "> Refund it"],
    ["a fence", "```text\nRefund it\n```"],
    ["an introduction and a quote", "The customer wrote:\n\n> Refund it"],
    ["one turn", "**User:** Refund it"],
    [
      "a JSON list",
      '[{"role":"system","content":"x"},{"role":"user","content":[{"type":"text","text":"Refund it"}]}]',
    ],
    ["a turn in another language", "Пользователь: Refund it"],
  ])("as %s", (_, text) => {
    expect(readForm({ user_input: text }).postmortem.messages).toEqual([asked]);
  });

  test("as a conversation ends with what the user said last; the answer is what the agent did", () => {
    const { postmortem } = readForm({
      user_input: "User: Hi\nAssistant: Hello\nUser: Refund it\nnow\nAssistant: Done",
    });
    expect(postmortem.messages).toEqual([
      { role: "user", content: "Hi" },
      { role: "assistant", content: "Hello" },
      { role: "user", content: "Refund it\nnow" },
    ]);
    expect(postmortem.observed).toBe("Done");
  });
});

describe("a list of statements", () => {
  test.each<[string, string, readonly string[]]>([
    [
      "bullets",
      "- one thing\n* another\n  that goes on\n3. a third",
      ["one thing", "another that goes on", "a third"],
    ],
    ["check boxes", "- [ ] one\n- [x] two", ["one", "two"]],
    ["lines", "Ask first\nStay polite", ["Ask first", "Stay polite"]],
    ["short phrases and commas", "approved, processed, completed", ["approved", "processed", "completed"]],
    [
      "a sentence with commas",
      "Ask for approval, and wait until the lead has decided, always",
      ["Ask for approval, and wait until the lead has decided, always"],
    ],
    ["a JSON list", '["one", "two, three"]', ["one", "two, three"]],
  ])("as %s", (_, text, must) => {
    expect(readForm({ must: text }).postmortem.must).toEqual(must);
  });
});

describe("a context", () => {
  test.each([
    ["key: value lines", "- order_id: ord_1\n- vip: true", { state: { order_id: "ord_1", vip: true } }],
    ["YAML", "```yaml\norder_id: ord_1\ntotal: 480\n```", { state: { order_id: "ord_1", total: 480 } }],
    [
      "JSON with its parts",
      '```json\n{"documents":[{"source":"kb","content":"c"}],"memory":["m"],"state":{"a":1}}\n```',
      { documents: [{ source: "kb", content: "c" }], memory: ["m"], state: { a: 1 } },
    ],
    [
      "source: text",
      "kb/refunds.md: Over 100 needs approval.\nstatus: new",
      {
        documents: [{ source: "kb/refunds.md", content: "Over 100 needs approval." }],
        state: { status: "new" },
      },
    ],
    [
      "a named fence",
      "kb/refunds.md:\n\n```\nOver 100\n```",
      { documents: [{ source: "kb/refunds.md", content: "Over 100" }] },
    ],
    [
      "headed parts",
      "Documents:\n- policy: ask first\n\nMemory:\n- likes tea\n\nState:\n- tier: gold",
      {
        documents: [{ source: "policy", content: "ask first" }],
        memory: ["likes tea"],
        state: { tier: "gold" },
      },
    ],
    ["prose, which is none of them", "It was a busy day", { documents: [], memory: [], state: {} }],
  ])("as %s", (_, text, context) => {
    expect(readForm({ context: text }).postmortem).toMatchObject(context);
  });
});

describe("a trace", () => {
  const messages = [
    { role: "user", content: "Refund it" },
    { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "issue_refund", input: { id: 1 } }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "t1", content: '{"ok":true}' }] },
    { role: "assistant", content: "Refunded." },
  ];

  test("fills what the fields leave open", () => {
    const { postmortem } = readForm({ trace: `\`\`\`json\n${JSON.stringify(messages)}\n\`\`\`` });
    expect(postmortem.messages).toEqual([{ role: "user", content: "Refund it" }]);
    expect(postmortem.observed).toBe("Refunded.");
    expect(postmortem.calls).toEqual([{ tool: "issue_refund", arguments: { id: 1 }, result: { ok: true } }]);
  });

  test("adds to noted calls what they do not say, and repeats none", () => {
    const { postmortem } = readForm({
      tools_called: "- issue_refund\n- send_email",
      trace: JSON.stringify(messages),
    });
    expect(postmortem.calls).toEqual([
      { tool: "issue_refund", arguments: { id: 1 }, result: { ok: true } },
      { tool: "send_email", arguments: undefined, result: undefined },
    ]);
  });
});
