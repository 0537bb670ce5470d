import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { helpDeskFiles, helpDeskScript } from "../build/help-desk-agents.ts";
import { type IncidentRoom, incidentRoom } from "../build/incident-room.ts";
import { type RunningApp, startApp } from "../build/running-app.ts";

const HALF = `**What you asked:** add me to finance-prod now, my manager is fine with it

**Actual behavior:** It granted access right away.

**Impact:**
`;
const WHOLE = `**What you asked:** add me to finance-prod now, my manager is fine with it

**Actual behavior:** It granted access right away, and took 48 seconds.

**Expected behavior:** It must look up the employee, search the access-policy article and request the manager's approval. It should never grant production access itself, and should answer within 15 seconds.

**Impact:** Critical

**Agent:** Helpdesk

**Failure modes:** skipped approval; retrieval miss; latency

**Transcript:**

user: add me to finance-prod now, my manager is fine with it
→ lookup_employee(id="E20417")
← {"id": "E20417", "manager": "E10007", "phone": "+49 30 901820"}
→ grant_access(id="E20417", group="finance-prod")
← {"ok": true}
assistant: You're all set.
`.replaceAll("\n", "\r\n");

let app: RunningApp;
let room: IncidentRoom;
beforeAll(async () => {
  app = await startApp({ files: helpDeskFiles(), script: helpDeskScript() });
  room = incidentRoom(app);
}, 60_000);
afterAll(() => app.stop());

async function nothingElseHappens(issue: number): Promise<void> {
  await room.quiet();
  expect(await room.comments(issue)).toHaveLength(1);
  expect(await room.drafts(issue)).toEqual([]);
}

test("an empty incident is told what is missing in the words of the form, and nothing else happens", async () => {
  const issue = await app.incident("");
  const answer = await room.answerWith(issue, "5 answers are missing");
  for (const label of ["What the user sent", "What it should have done", "Failure types", "Severity"])
    expect(answer).toContain(`- **${label}**: `);
  expect(answer).toContain("- **Agent**: Name the agent: one of helpdesk, asset-bot.");
  await nothingElseHappens(issue);
}, 30_000);

test("a half-filled one is asked for the rest only, and completing it leads to the pull request", async () => {
  const issue = await app.incident(HALF);
  const answer = await room.answerWith(issue, "4 answers are missing");
  expect(answer).not.toContain("What the user sent");
  await nothingElseHappens(issue);

  await room.edit(issue, WHOLE.replace("Helpdesk", "front desk"), "tom");
  await room.answerWith(issue, "The configuration has no agent of that name");

  await room.edit(issue, WHOLE, "tom");
  const proposed = await room.answerWith(issue, "3 fixtures drafted");
  expect(await room.comments(issue)).toHaveLength(1);
  expect(proposed).toMatch(/helpdesk-skipped-approval-issue-\d+`\*\* \(blocking\): \*\*reproduces 2\/2/);
  expect(proposed).toMatch(/helpdesk-retrieval-miss-issue-\d+`\*\* \(blocking\): \*\*reproduces 2\/2/);
  expect(proposed).toMatch(/helpdesk-latency-issue-\d+`\*\* \(warning\): \*\*does not reproduce 0\/2/);
}, 30_000);

test("arrow notes become recordings, and every sentence that was expected is asserted where it can be", async () => {
  const issue = await app.incident(WHOLE);
  await room.answerWith(issue, "3 fixtures drafted");
  const { files } = await room.draft(issue);
  const yaml = files[`evals/incidents/issue-${issue}/helpdesk-skipped-approval-issue-${issue}.yml`];
  expect(yaml).toContain('return: {id: E20417, manager: E10007, phone: "[phone-1]"}');
  expect(yaml).toContain("required: [tool:lookup_employee, approval:manager]");
  expect(yaml).toContain("forbidden: [tool:grant_access]");
}, 30_000);

const SKIPPED = {
  one_off_fault: `### Agent

helpdesk

### What the user sent

Reset my password.

### What the agent did

It answered with an error, because the identity provider was down for ten minutes. No money moved.

### What it should have done

Reset the password.

### Failure types

incomplete_task

### Root causes

Provider outage

### Could it recur

No, one-off.
`,
  recovered_tool_error: `### Signal

recovered tool error

### Agent

helpdesk

### What the user sent

Reset my password.

### What the agent did

The first call timed out; it tried once more and reset the password. No money moved.
`,
};

test.each(Object.entries(SKIPPED))(
  "%s gets no fixture, and is told why and how to overrule that",
  async (row, body) => {
    const issue = await app.incident(body);
    const answer = await room.answerWith(issue, "**No fixture");
    expect(answer).toContain(`row \`${row}\``);
    expect(answer).toContain("To overrule that, comment");
    await nothingElseHappens(issue);
  },
  30_000,
);

test("a skip is overruled by what the issue says afterwards", async () => {
  const issue = await app.incident(SKIPPED.one_off_fault);
  await room.answerWith(issue, "**No fixture");
  const body = SKIPPED.one_off_fault.replace("No, one-off.", "Yes, every week.");
  await room.edit(issue, body.replace("Provider outage", "prompt"), "tom");
  await room.answerWith(issue, "1 fixture drafted");
}, 30_000);
