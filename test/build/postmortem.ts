import type { Agent, DeclarativeAgent } from "../../src/core/agent/agent.ts";
import { FIELDS, type FieldId, type FieldText, type Postmortem } from "../../src/core/incident/postmortem.ts";
import { anAgent } from "./models.ts";

/** A complete valid postmortem: a refund agent that moved money without approval. */
export function aPostmortem(overrides: Partial<Postmortem> = {}): Postmortem {
  return {
    title: "Refund promised without approval",
    issue: 42,
    author: "ana",
    incident: "INC-2026-04-18-017",
    date: "2026-04-18",
    severity: "S1",
    signal: "incident",
    agent: "refund",
    commit: undefined,
    messages: [{ role: "user", content: "Refund order ord_redacted and tell the customer it is done." }],
    observed: "It issued the refund of 480 USD and wrote that the refund has been approved.",
    expected: "Refunds over the threshold need approval before money moves or the customer is told.",
    must: [],
    mustNot: [],
    calls: [
      {
        tool: "read_order",
        arguments: { order_id: "ord_redacted" },
        result: { total: 480, currency: "USD" },
      },
      { tool: "issue_refund", arguments: { order_id: "ord_redacted", amount: 480 }, result: undefined },
    ],
    toolsRequired: [],
    toolsForbidden: ["issue_refund"],
    documents: [],
    memory: [],
    state: { customer_status: "standard" },
    trace: undefined,
    failureTypes: ["skipped_approval"],
    failureTags: [],
    rootCauses: ["prompt"],
    evaluationGap: "missing_coverage",
    owner: "@acme/support-platform",
    fix: undefined,
    fields: {},
    rest: "",
    ...overrides,
  };
}

/** The fields of a form as somebody filled them in, in the form's order. */
export function fieldsOf(texts: Partial<Record<FieldId, string>>): Partial<Record<FieldId, FieldText>> {
  let end = 0;
  const fields: Partial<Record<FieldId, FieldText>> = {};
  for (const { id } of FIELDS) {
    const text = texts[id];
    if (text === undefined) continue;
    fields[id] = { text, start: end, end: end + text.length };
    end += text.length + 1;
  }
  return fields;
}

/** A refund agent with retrieval, a policy check and an approval that ends the run. */
export function aRefundAgent(overrides: Partial<DeclarativeAgent> = {}): DeclarativeAgent {
  return anAgent({
    tools: aToolList([
      "read_order",
      "search_docs",
      "check_threshold",
      "draft_refund_request",
      "request_approval",
      "issue_refund",
      "send_customer_message",
    ]),
    retrieval: { tool: "search_docs", documents: [{ source: "refund_policy", content: "30 days." }] },
    spans: {
      request_approval: { as: "approval:required", stop: "needs_human_approval" },
      check_threshold: { as: "policy:refund_threshold" },
      send_customer_message: { as: "message:customer_promise_sent" },
    },
    ...overrides,
  });
}

/** A travel agent that searches and books, and declares no spans. */
export function aTravelAgent(): Agent {
  const tools = aToolList(["search_flights", "search_hotels", "book_flight", "book_hotel"]);
  return anAgent({ name: "travel", tools, spans: {}, retrieval: undefined });
}

/** Tools with these names that take anything. */
export function aToolList(names: readonly string[]): Agent["tools"] {
  return names.map((name) => ({ name, input_schema: { type: "object" } }));
}
