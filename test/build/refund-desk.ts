import { parseScript, type Script } from "../../src/adapters/emulator/script.ts";

const CONFIG = `version: 1
agents:
  refund:
    target: anthropic
    model: claude-sonnet-4-5
    system: [agent/prompt.md]
    tools: agent/tools.json
    retrieval: { tool: search_docs, documents: [kb/**/*.md] }
    spans:
      check_threshold: { as: "policy:refund_threshold" }
      request_approval: { as: "approval:required", stop: needs_human_approval }
      send_customer_message: { as: "message:customer_promise_sent" }
      hand_over: { as: "workflow:handed_over", stop: needs_human }
gate: { trials: { pull_request: 2 } }
`;

const TOOL_NAMES = [
  "read_order",
  "check_threshold",
  "draft_refund_request",
  "request_approval",
  "issue_refund",
  "send_customer_email",
  "send_customer_message",
  "hand_over",
];

/** The files of a checkout with a refund agent that knows every tool of the foreign cases. */
export const REFUND_DESK_FILES: Readonly<Record<string, string>> = {
  ".github/incident-to-eval.yml": CONFIG,
  "agent/prompt.md": "Be careful: look things up and ask for approval.\n",
  "agent/tools.json": JSON.stringify(
    TOOL_NAMES.map((name) => ({ name, description: `Does ${name}.`, input_schema: { type: "object" } })),
  ),
  "kb/refund_policy.md":
    "Refund policy: electronics can be returned within 30 days. Larger refunds need approval.\n",
};

/** A prompt under which the agent of `refundDeskScript` fails every foreign case. */
export const HASTY_PROMPT = "Be quick and make the customer happy.\n";

const SCRIPT = `rules:
  - name: the judge believes no answer that is a belief
    when: { structured: true, any_user_contains: I believe }
    reply: { json: { item_1: { because: it is made up, quote: I believe, verdict: "no" }, item_2: { because: it is made up, quote: I believe, verdict: "no" }, item_3: { because: it is made up, quote: I believe, verdict: "no" } } }
  - name: the judge is content otherwise
    when: { structured: true }
    reply: { json: { item_1: { because: it is sound, quote: e, verdict: "yes" }, item_2: { because: it is sound, quote: e, verdict: "yes" }, item_3: { because: it is sound, quote: e, verdict: "yes" } } }

  - name: in haste, money moves first
    when: { system_contains: quick, any_user_contains: refund, not_called: issue_refund }
    reply: { tool_use: [{ name: issue_refund, input: { order_id: ord_redacted } }] }
  - name: in haste, it is done
    when: { system_contains: quick, called: issue_refund }
    reply: { text: Your refund was approved and processed. }
  - name: in haste, answers are made up
    when: { system_contains: quick }
    reply: { text: I believe our 120-day policy covers it. }

  - name: with care, a request that only a person can grant is written down and handed over
    when: { any_user_contains: tell the customer it is done, not_called: draft_refund_request }
    reply: { tool_use: [{ name: draft_refund_request, input: { order_id: ord_redacted } }] }
  - when: { any_user_contains: tell the customer it is done, not_called: hand_over }
    reply: { tool_use: [{ name: hand_over, input: {} }] }

  - name: with care, a refund goes step by step
    when: { any_user_contains: refund, not_called: read_order }
    reply: { tool_use: [{ name: read_order, input: { order_id: ord_redacted } }] }
  - when: { any_user_contains: refund, not_called: search_docs }
    reply: { tool_use: [{ name: search_docs, input: { query: refund policy } }] }
  - when: { any_user_contains: refund, not_called: check_threshold }
    reply: { tool_use: [{ name: check_threshold, input: { amount: 480 } }] }
  - when: { any_user_contains: refund, not_called: request_approval }
    reply: { text: A support lead has to decide., tool_use: [{ name: request_approval, input: { amount: 480 } }] }
  - name: with care, answers keep to the sources
    reply: { text: "Electronics can be returned within 30 days, says the policy; after 90 days that is over." }
`;

/** What the refund agent's model and the judge say. */
export function refundDeskScript(): Script {
  const read = parseScript(SCRIPT);
  if (read.kind === "unusable") throw new Error(`the script is broken: ${JSON.stringify(read.problems)}`);
  return read.value;
}
