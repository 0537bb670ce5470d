import { describe, expect, test } from "@jest/globals";
import { messagesRequestSchema, seeConversation } from "../../../src/adapters/emulator/conversation.ts";
import { matchRule } from "../../../src/adapters/emulator/match-rule.ts";
import { parseScript, type WrittenScript } from "../../../src/adapters/emulator/script.ts";

/** A conversation in which the order was read and the policy was just looked up. */
const seen = seeConversation(
  messagesRequestSchema.parse({
    model: "claude-sonnet-5-5",
    max_tokens: 500,
    system: [
      { type: "text", text: "You refund." },
      { type: "text", text: "Approval comes first." },
    ],
    tools: [{ name: "read_order" }, { name: "search_docs" }],
    messages: [
      { role: "user", content: "Refund ord_12 and tell the customer." },
      {
        role: "assistant",
        content: [{ type: "tool_use", id: "t1", name: "read_order", input: { order_id: "ord_12" } }],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "t1", content: '{"total": 480, "lines": [{"sku": "lamp"}]}' },
        ],
      },
      { role: "assistant", content: [{ type: "tool_use", id: "t2", name: "search_docs", input: {} }] },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "t2", content: [{ type: "text", text: "within 30 days" }] },
        ],
      },
    ],
  }),
);

function ruleFor(rules: WrittenScript["rules"]): string | undefined {
  const script = parseScript(JSON.stringify({ rules }));
  if (script.kind === "unusable") throw new Error(JSON.stringify(script.problems));
  return matchRule(script.value, seen, new Map()).rule?.name;
}

describe("a rule", () => {
  test.each([
    { when: {}, fits: true },
    { when: { system_contains: "approval COMES first" }, fits: true },
    { when: { system_contains: ["refund", "escalate"] }, fits: false },
    { when: { system_lacks: "escalate" }, fits: true },
    { when: { system_lacks: ["escalate", "refund"] }, fits: false },
    { when: { system_matches: "(?i)approval[^.]{0,20}first" }, fits: true },
    { when: { system_lacks_match: "(?i)approval" }, fits: false },
    { when: { model: "claude-sonnet-5-5" }, fits: true },
    { when: { model: "claude-sonnet" }, fits: false },
    { when: { model_contains: "sonnet" }, fits: true },
    { when: { last_user_contains: "refund" }, fits: true },
    { when: { any_user_contains: ["refund", "customer"] }, fits: true },
    { when: { any_user_lacks: "lawyer" }, fits: true },
    { when: { any_user_matches: "ord_[0-9]+" }, fits: true },
    { when: { any_user_lacks_match: "ord_[0-9]+" }, fits: false },
    { when: { has_tools: ["read_order", "search_docs"] }, fits: true },
    { when: { has_tools: "issue_refund" }, fits: false },
    { when: { lacks_tools: "issue_refund" }, fits: true },
    { when: { called: ["read_order", "search_docs"] }, fits: true },
    { when: { not_called: "search_docs" }, fits: false },
    { when: { result_contains: "30 DAYS" }, fits: true },
    { when: { result_contains: "480" }, fits: false },
    { when: { result_is: { "read_order.total": 480 } }, fits: true },
    { when: { result_is: { "read_order.lines.0.sku": "lamp" } }, fits: true },
    { when: { result_is: { "read_order.total": "480" } }, fits: false },
    { when: { result_is: { "check_threshold.ok": true } }, fits: false },
    { when: { structured: false }, fits: true },
    { when: { structured: true }, fits: false },
    { when: { asks_for: "score" }, fits: false },
    { when: { model_contains: "sonnet", called: "issue_refund" }, fits: false },
  ])("with $when fits: $fits", ({ when, fits }) => {
    expect(ruleFor([{ name: "it", when, reply: { text: "yes" } }])).toBe(fits ? "it" : undefined);
  });

  test("that comes first wins", () => {
    const rules = ["first", "second"].map((name) => ({ name, reply: { text: name } }));
    expect(ruleFor(rules)).toBe("first");
  });

  test("with `every` lets all but each n-th request go on to the next rule", () => {
    const script = parseScript(
      JSON.stringify({
        rules: [
          { name: "flaky", every: 3, reply: { text: "oops" } },
          { name: "steady", reply: { text: "fine" } },
        ],
      }),
    );
    if (script.kind === "unusable") throw new Error("the script should be usable");
    let counts: ReadonlyMap<number, number> = new Map();
    const names = Array.from({ length: 6 }, () => {
      const match = matchRule(script.value, seen, counts);
      counts = match.counts;
      return match.rule?.name;
    });
    expect(names).toEqual(["steady", "steady", "flaky", "steady", "steady", "flaky"]);
  });
});

describe("a script", () => {
  test("in YAML is read with its defaults", () => {
    const read = parseScript("rules:\n  - reply: { tool_use: [{ name: read_order }] }\n");
    expect(read).toEqual({
      kind: "parsed",
      value: { rules: [{ when: {}, reply: { tool_use: [{ name: "read_order", input: {} }] } }] },
    });
  });

  test.each([
    { fault: "broken YAML", yaml: "rules: [", at: "the file" },
    { fault: "no rules", yaml: "rules: []", at: "rules" },
    {
      fault: "an unknown condition",
      yaml: "rules: [{ when: { weather: fine }, reply: { text: a } }]",
      at: "rules[0].when.weather",
    },
    {
      fault: "a broken pattern",
      yaml: 'rules: [{ when: { system_matches: "(" }, reply: { text: a } }]',
      at: "rules[0].when.system_matches",
    },
    { fault: "an empty reply", yaml: "rules: [{ reply: {} }]", at: "rules[0].reply" },
  ])("with $fault says where", ({ yaml, at }) => {
    const read = parseScript(yaml);
    expect(read.kind === "unusable" ? read.problems.map((problem) => problem.at) : []).toEqual([at]);
  });
});
