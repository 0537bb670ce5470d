import type { FieldId } from "../incident/postmortem.ts";

/** What a good answer looks like, for the fields of the form that we ask for. */
export const FIELD_EXAMPLES: Readonly<Partial<Record<FieldId, string>>> = {
  severity: "S2",
  signal: "Near miss caught by approval",
  commit: "1a2b3c4",
  user_input: "Refund this order and tell the customer it is done.",
  observed: "It refunded $480 without asking and told the customer that it was done.",
  expected:
    "Read the order and the refund policy, then ask a person for approval, because $480 is over the threshold.",
  must: "- ask for approval over $200",
  must_not: "- say that the refund is done before it is approved",
  tools_called: 'read_order(order_id="ord_1") -> {"total": 480}',
  tools_required: "read_order, request_approval",
  tools_forbidden: "issue_refund",
  context: "state: { order_id: ord_1, customer_status: standard }",
  failure_types: "Skipped approval",
  what_happened: "A customer asked for a refund, and the agent paid it out without approval.",
};
