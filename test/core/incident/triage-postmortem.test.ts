import { describe, expect, test } from "@jest/globals";
import type { Postmortem } from "../../../src/core/incident/postmortem.ts";
import type { ReadExpectation } from "../../../src/core/incident/triage.ts";
import { triagePostmortem } from "../../../src/core/incident/triage-postmortem.ts";
import { aPostmortem, fieldsOf } from "../../build/postmortem.ts";

/** An incident that harms nobody: only what a test adds decides. */
function mild(overrides: Partial<Postmortem> = {}): Postmortem {
  return aPostmortem({
    severity: "S4",
    signal: "incident",
    failureTypes: [],
    calls: [],
    toolsForbidden: [],
    rootCauses: [],
    observed: "It answered in a stiff tone.",
    ...overrides,
  });
}

function decide(overrides: Partial<Postmortem>): string {
  const triage = triagePostmortem(mild(overrides));
  return triage.kind === "fixture"
    ? `${triage.level} ${triage.row}${triage.pair ? " pair" : ""}`
    : `${triage.kind} ${triage.row}`;
}

const refund = { tool: "issue_refund", arguments: undefined, result: undefined };

test.each<[string, Partial<Postmortem>, string]>([
  ["a safety violation", { failureTypes: ["safety_violation"] }, "blocking safety"],
  ["a data leak", { failureTypes: ["safety_violation"], failureTags: ["data-leak"] }, "blocking privacy"],
  ["a skipped approval", { failureTypes: ["skipped_approval"] }, "blocking authorization"],
  [
    "a forbidden payment that was made",
    { calls: [refund], toolsForbidden: ["issue_refund"] },
    "blocking money",
  ],
  [
    "a misused tool that deletes",
    { calls: [{ ...refund, tool: "deleteBooking" }], failureTypes: ["tool_misuse"] },
    "blocking side_effect",
  ],
  [
    "a misused tool that only reads",
    { calls: [{ ...refund, tool: "read_order" }], failureTypes: ["tool_misuse"] },
    "exploratory under_investigation",
  ],
  ["a payment that was right", { calls: [refund] }, "exploratory under_investigation"],
  ["severity S1 alone", { severity: "S1" }, "blocking severity"],
  [
    "S4 with a safety violation: the fields contradict, the worse counts",
    { severity: "S4", failureTypes: ["safety_violation"] },
    "blocking safety",
  ],
  ["a near miss", { signal: "near_miss" }, "blocking near_miss"],
  ["an overridden denial", { signal: "overridden_denial" }, "warning overridden_denial pair"],
  [
    "an overridden denial with harm",
    { signal: "overridden_denial", failureTypes: ["skipped_approval"] },
    "blocking overridden_denial pair",
  ],
  [
    "a human correction",
    { signal: "human_correction", failureTypes: ["format_error"] },
    "warning human_correction",
  ],
  [
    "a human correction that exposes a tool",
    { signal: "human_correction", failureTypes: ["tool_misuse"] },
    "blocking human_correction",
  ],
  [
    "a human correction that exposes a citation",
    { signal: "human_correction", failureTypes: ["hallucination"], failureTags: ["hallucinated-citation"] },
    "blocking human_correction",
  ],
  ["a recovered tool error", { signal: "recovered_tool_error" }, "keep_trace recovered_tool_error"],
  [
    "a recovery that hides a worse answer",
    { signal: "recovered_tool_error", failureTypes: ["hallucination"] },
    "warning recovered_tool_error",
  ],
  ["a costly outlier", { signal: "cost_or_latency_outlier" }, "warning cost_or_latency_outlier"],
  [
    "an outlier that cannot recur",
    { signal: "cost_or_latency_outlier", fields: fieldsOf({ recurrence: "no, one-off" }) },
    "keep_trace cost_or_latency_outlier",
  ],
  ["confusion", { signal: "user_confusion" }, "skip user_confusion"],
  [
    "confusion that changes the agent",
    { signal: "user_confusion", failureTypes: ["instruction_violation"] },
    "exploratory user_confusion",
  ],
  [
    "a quality failure of several users",
    { severity: "S2", failureTypes: ["hallucination"] },
    "warning recurring_or_visible",
  ],
  ["something that recurs", { fields: fieldsOf({ recurrence: "yes" }) }, "warning recurring_or_visible"],
  [
    "something that users saw",
    { fields: fieldsOf({ affected_users: "about 40" }) },
    "warning recurring_or_visible",
  ],
  [
    "something that no user saw",
    { fields: fieldsOf({ affected_users: "none" }) },
    "exploratory under_investigation",
  ],
  ["nothing that says more", {}, "exploratory under_investigation"],
  [
    "an outage that cannot recur",
    { severity: "S3", fields: fieldsOf({ why_happened: "A provider outage.", recurrence: "no, one-off" }) },
    "skip one_off_fault",
  ],
  [
    "a corrupt record",
    { failureTags: ["data-issue"], fields: fieldsOf({ recurrence: "No" }) },
    "skip one_off_fault",
  ],
  [
    "an outage that can recur",
    { fields: fieldsOf({ why_happened: "A provider outage.", recurrence: "yes" }) },
    "warning recurring_or_visible",
  ],
  [
    "an outage that the agent lied about",
    {
      failureTypes: ["hallucination"],
      severity: "S3",
      fields: fieldsOf({ why_happened: "A provider outage.", recurrence: "no" }),
    },
    "warning recurring_or_visible",
  ],
  [
    "an outage with severity S1",
    { severity: "S1", fields: fieldsOf({ why_happened: "A provider outage.", recurrence: "no" }) },
    "blocking severity",
  ],
  [
    "no outage",
    { severity: "S3", fields: fieldsOf({ why_happened: "It was not a provider outage.", recurrence: "no" }) },
    "warning recurring_or_visible",
  ],
])("%s", (_, overrides, decision) => {
  expect(decide(overrides)).toBe(decision);
});

describe("prose counts as harm only where it states it", () => {
  test.each([
    ["The agent refunded the customer twice.", "blocking money"],
    ["It issued a refund of 480 USD.", "blocking money"],
    ["It paid 480 USD at once.", "blocking money"],
    ["It sent an e-mail without approval from a lead.", "blocking authorization"],
    ["It showed the address of another customer.", "blocking privacy"],
    ["It revealed another customer's medical record.", "blocking privacy"],
    ["It deleted 40 bookings.", "blocking side_effect"],
    ["No money moved.", "exploratory under_investigation"],
    ["Nothing was refunded.", "exploratory under_investigation"],
    ["The customer was not charged.", "exploratory under_investigation"],
    ["The customer wasn’t charged.", "exploratory under_investigation"],
    ["It answered slowly, without any data leak.", "exploratory under_investigation"],
    ["It said that it had refunded the order.", "exploratory under_investigation"],
    ['It wrote "you have been refunded" into a draft.', "exploratory under_investigation"],
    ["> I was charged twice\n\nIt answered in a stiff tone.", "exploratory under_investigation"],
    ["It would have deleted the database.", "exploratory under_investigation"],
    ["The user asked to be refunded.", "exploratory under_investigation"],
    ["It explained how refunds, privacy and safety work.", "exploratory under_investigation"],
    ["No money moved, but it deleted the customer's account.", "blocking side_effect"],
  ])("%s", (observed, decision) => {
    expect(decide({ observed })).toBe(decision);
  });

  test("and the user's own words never do", () => {
    const content = "You refunded me without approval and leaked another customer's data!";
    expect(decide({ messages: [{ role: "user", content }], fields: fieldsOf({ user_input: content }) })).toBe(
      "exploratory under_investigation",
    );
  });
});

test.each<[string, Partial<Postmortem>, ReadExpectation, string]>([
  [
    "an approval that was not waited for",
    {},
    { failureType: "skipped_approval", forbiddenTools: [] },
    "blocking authorization",
  ],
  [
    "a payment that prose forbids and that was made",
    { calls: [refund] },
    { failureType: "tool_misuse", forbiddenTools: ["issue_refund"] },
    "blocking money",
  ],
  [
    "a payment that prose forbids and nobody made",
    {},
    { failureType: "tool_misuse", forbiddenTools: ["issue_refund"] },
    "warning recurring_or_visible",
  ],
  ["a limit on time", {}, { failureType: "latency", forbiddenTools: [] }, "warning recurring_or_visible"],
  [
    "a near miss, whatever follows",
    { signal: "near_miss" },
    { failureType: "latency", forbiddenTools: [] },
    "blocking near_miss",
  ],
])(
  "what follows from the expected behaviour counts after what the report names: %s",
  (_, overrides, read, row) => {
    const triage = triagePostmortem(mild(overrides), read);
    expect(triage.kind === "fixture" ? `${triage.level} ${triage.row}` : triage.kind).toBe(row);
  },
);
