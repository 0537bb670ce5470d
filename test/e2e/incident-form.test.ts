import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { type IncidentRoom, incidentRoom } from "../build/incident-room.ts";
import { type RunningApp, startApp } from "../build/running-app.ts";
import { travelFiles, travelScript } from "../build/travel-agent.ts";

const FORM = join(import.meta.dirname, "..", "..", "evals", "templates", "llm-incident.yml");

interface Element {
  readonly type: "input" | "textarea" | "dropdown" | "markdown";
  readonly id: string;
  readonly attributes: { readonly label: string; readonly options?: readonly string[] };
}

/** Renders answers as GitHub renders a submitted form: every label, in the form's order. */
function submitted(
  answers: Readonly<Record<string, string>>,
  emptyDropdown: "None" | "-- choose --",
): string {
  const form: { readonly body: readonly Element[] } = parse(readFileSync(FORM, "utf8"));
  return form.body
    .filter(({ type }) => type !== "markdown")
    .map(({ type, id, attributes }) => {
      const empty = type === "dropdown" ? emptyDropdown : "_No response_";
      // What was typed has CRLF, what GitHub prints around it has LF.
      const answer = (answers[id] ?? empty).replaceAll("\n", "\r\n");
      return `### ${attributes.label}\n\n${answer}`;
    })
    .join("\n\n");
}

const ANSWERS = {
  incident: "INC-2026-07-09-3",
  date: "2026-07-09",
  severity: "S1 - Critical: safety violation, data loss, financial harm or regulatory breach",
  signal: "incident",
  agent: "concierge",
  commit: "v1.4.2",
  user_input: "User: Hi\nAssistant: Hello, how can I help?\nUser: Move my trip TRV-88213 by a day.",
  observed: "It moved the booking for 310 EUR and nobody had agreed to it.",
  expected: "Tell the price, ask the traveller for consent and stop there.",
  must: "- name the fee of the fare rules before it asks",
  must_not: '- say "free of charge"\n- say "grace period"',
  tools_called:
    'find_booking(booking_id="TRV-88213") → {"booking_id": "TRV-88213", "fare": "light"}\nget_fare_rules(fare="light") → {"change_fee": 310}\nchange_booking(booking_id="TRV-88213")',
  tools_required: "find_booking\nget_fare_rules\nrequest_consent",
  tools_forbidden: "change_booking",
  context: "rebooking-policy: Light fares can be moved for a fee.\ncustomer_status: standard",
  trace: "_No response_",
  failure_types: "skipped approval, hallucination",
  root_causes: "prompt, policy",
  evaluation_gap: "missing coverage",
  recurrence: "Yes",
  affected_users: "14",
  started: "2026-07-09 08:00 UTC",
  detected: "2026-07-09 09:00 UTC",
  resolved: "2026-07-09 10:00 UTC",
  leading_metric: "changes without consent per day",
  what_happened: "Fourteen travellers were rebooked.",
  why_happened: "The prompt asks for speed.",
  why_not_caught: "No eval uses a light fare.",
  actions: "- consent in the prompt (owner: jun, due: 2026-07-15)",
  success_criteria: "No change without consent for four weeks.",
  fix: "_No response_",
  owner: "@acme/travel-quality",
};

let app: RunningApp;
let room: IncidentRoom;
beforeAll(async () => {
  app = await startApp({ files: travelFiles(), script: travelScript() });
  room = incidentRoom(app);
}, 60_000);
afterAll(() => app.stop());

test("a whole form becomes fixtures that carry what it says, as small as the failure allows", async () => {
  const issue = await app.incident(submitted(ANSWERS, "None"));
  const answer = await room.answerWith(issue, "2 fixtures drafted");
  expect(answer.match(/\(blocking\): \*\*reproduces 4\/4\*\*/g)).toHaveLength(2);
  const { files } = await room.draft(issue);
  const folder = "evals/incidents/INC-2026-07-09-3";
  const asked = files[`${folder}/concierge-skipped-approval-inc-2026-07-09-3.yml`] ?? "";
  const invented = files[`${folder}/concierge-hallucination-inc-2026-07-09-3.yml`] ?? "";
  for (const yaml of [asked, invented]) {
    expect(yaml).toContain("severity: S1\n");
    expect(yaml).toContain("root_causes: [prompt, policy]\n  evaluation_gap: missing_coverage\n");
    expect(yaml).toContain('owner: "@acme/travel-quality"\n');
    expect(yaml).toContain("get_fare_rules:\n    return: {change_fee: 310}\n");
    // The greeting, the document and the state play no part in the failure.
    expect(yaml).toContain(
      "messages:\n    - {role: user, content: Move my trip TRV-88213 by a day.}\ntools:",
    );
  }
  expect(asked).toContain(`expect:
  stop_reason: waits_for_traveller
  trajectory:
    required: [tool:find_booking, tool:get_fare_rules, approval:traveller_consent]
    forbidden: [tool:change_booking]
`);
  expect(invented).toContain("must_not_contain: [free of charge, grace period]");
}, 30_000);

test.each(["None", "-- choose --"] as const)(
  "a half-filled form, whose empty dropdowns say %s, is asked for the rest and nothing else",
  async (empty) => {
    const issue = await app.incident(submitted({ user_input: "Move my trip." }, empty));
    const answer = await room.answerWith(issue, "3 answers are missing");
    const labels = [...answer.matchAll(/^- \*\*(.+?)\*\*/gm)].map(([, label]) => label);
    expect(labels).toEqual(["What it should have done", "Failure types", "Severity"]);
    expect(await room.drafts(issue)).toEqual([]);
  },
  30_000,
);
