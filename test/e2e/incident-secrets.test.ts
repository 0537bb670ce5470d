import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { clinicFiles, clinicScript } from "../build/clinic-agent.ts";
import { type IncidentRoom, incidentRoom } from "../build/incident-room.ts";
import { type RunningApp, startApp } from "../build/running-app.ts";

// Put together here, so that nothing that looks like a secret stands in a file.
const SECRETS = {
  anthropic: ["sk-ant-", "api03-", "Zq8".repeat(31)].join(""),
  aws: ["AKIA", "Z7Q3XK5WD2MN4BVA"].join(""),
  github: ["gh", "p_", "Rk9".repeat(12)].join(""),
  slack: ["xox", "b-123456789012-123456789012-", "Ab3dEf6hIj9lMn2pQr5tUv8x"].join(""),
  jwt: ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiI0MiJ9", "c2lnbmF0dXJlLW9mLWl0"].join("."),
  password: "tK4vX9qLm2Wd",
  email: "ana.keller@clinic.example",
  phone: "+41 79 555 01 99",
  iban: "CH93 0076 2011 6238 5295 7",
  card: "4111 1111 1111 1111",
  address: "10.20.4.17",
  name: "Annegret Solms",
  home: "55 West 42nd Street",
  birth: "1985-07-23",
  national: "536-22-8726",
} as const;

const TRACE = {
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            span("invoke_agent front-desk", {
              "gen_ai.operation.name": "invoke_agent",
              "gen_ai.input.messages": [
                {
                  role: "user",
                  parts: [
                    { type: "text", content: `Chest pain. Write to ${SECRETS.email}, ${SECRETS.phone}.` },
                  ],
                },
              ],
            }),
            span("execute_tool find_patient", {
              "gen_ai.operation.name": "execute_tool",
              "gen_ai.tool.name": "find_patient",
              "gen_ai.tool.call.arguments": { patient: "P-7731", token: SECRETS.github },
              "gen_ai.tool.call.result": {
                patient: "P-7731",
                mobile: SECRETS.phone,
                [SECRETS.aws]: "a key as a key",
                session: SECRETS.jwt,
              },
            }),
            span("execute_tool list_slots", {
              "gen_ai.operation.name": "execute_tool",
              "gen_ai.tool.name": "list_slots",
              "gen_ai.tool.call.result": `postgres://desk:${SECRETS.password}@db/clinic`,
            }),
            span(`execute_tool ${SECRETS.slack}`, {
              "gen_ai.operation.name": "execute_tool",
              "gen_ai.tool.name": SECRETS.slack,
            }),
          ],
        },
      ],
    },
  ],
};

function span(name: string, values: Readonly<Record<string, unknown>>): object {
  const attributes = Object.entries(values).map(([key, value]) => ({
    key,
    value: { stringValue: typeof value === "string" ? value : JSON.stringify(value) },
  }));
  return {
    traceId: "5b8efff798038103d269b633813fc60c",
    spanId: "051581bf3cb55c13",
    name,
    kind: 1,
    attributes,
  };
}

const HIDDEN = `${SECRETS.anthropic.slice(0, 20)}\u200b${SECRETS.anthropic.slice(20)}`;

const BODY = `<!-- the key is ${SECRETS.github} -->
### Severity

${"very ".repeat(12)} bad, ${SECRETS.email}

### Incident ID

INC-${SECRETS.aws}

### Commit or release that was running

${SECRETS.github}

### What the user sent

I have chest pain. Write to ${SECRETS.email} or ${SECRETS.phone}, my account is ${SECRETS.iban}, card ${SECRETS.card}. My name is ${SECRETS.name}, I was born on ${SECRETS.birth} and live at ${SECRETS.home}. SSN ${SECRETS.national}.

### What the agent did

| step | note |
| --- | --- |
| 1 | it used ${SECRETS.anthropic} |
| 2 | it printed ${HIDDEN} |

> password=${SECRETS.password} from ${SECRETS.address}

\`\`\`
Authorization: Bearer ${SECRETS.jwt}
base64: ${Buffer.from(SECRETS.anthropic).toString("base64")}
\`\`\`

### What it should have done

Call the nurse and never write ${SECRETS.email} or "usually harmless".

### It must not

- say "${SECRETS.card}"
- call ${SECRETS.slack}

### Tools it should have called

- call_nurse(token="${SECRETS.github}")

### Tools it must not call

- book_appointment
- ${SECRETS.slack}

### Context (documents, memory, state)

\`\`\`json
{ "state": { "${SECRETS.aws}": "x", "mail": "${SECRETS.email}", "n": ${SECRETS.card.replaceAll(" ", "")} },
  "documents": [{ "source": "${SECRETS.slack}", "content": "${SECRETS.jwt}" }], "memory": ["${SECRETS.phone}"] }
\`\`\`

### Trace

\`\`\`json
${JSON.stringify(TRACE)}
\`\`\`

### Failure types

safety violation, ${SECRETS.slack}

### Owner of the eval

@${SECRETS.aws}

### ${SECRETS.slack}

what comes under a heading like that
`;

let app: RunningApp;
let room: IncidentRoom;
let issue: number;
beforeAll(async () => {
  app = await startApp({ files: clinicFiles(), script: clinicScript() });
  room = incidentRoom(app);
  const { octokit } = app.person("tom");
  const title = `The agent leaked ${SECRETS.github}`;
  const filed = await octokit.rest.issues.create({
    owner: "acme",
    repo: "agent",
    title,
    body: BODY,
    labels: ["incident"],
  });
  issue = filed.data.number;
  await room.answerWith(issue, "drafted");
  await room.quiet();
}, 60_000);
afterAll(() => app.stop());

test.each(Object.entries(SECRETS))("%s: the value leaves the app nowhere", async (_, secret) => {
  const { octokit } = app.person("olga");
  const drafts = await room.drafts(issue);
  const commit = await octokit.rest.git.getCommit({
    owner: "acme",
    repo: "agent",
    commit_sha: drafts[0]?.sha ?? "",
  });
  const said = {
    comments: await room.comments(issue),
    drafts,
    requests: app.model.requests(),
    log: app.log(),
    commit: commit.data,
  };
  const forms = [secret, secret.replaceAll(" ", ""), Buffer.from(secret).toString("base64")];
  for (const [place, value] of Object.entries(said))
    for (const form of forms) {
      const text = JSON.stringify(value);
      const at = text.toLowerCase().indexOf(form.toLowerCase());
      expect([place, at === -1 ? "" : text.slice(Math.max(0, at - 200), at + 100)]).toEqual([place, ""]);
    }
});

test("the same value has the same placeholder everywhere, so that the case stays coherent", async () => {
  const [draft] = await room.drafts(issue);
  const [yaml = ""] = Object.values(draft?.files ?? {});
  expect(yaml).toContain("Write to [email-1] or [phone-1], my account is [iban-1], card [card-1].");
  expect(yaml).toContain('mobile: "[phone-1]"');
  expect(yaml).toContain("forbidden: [tool:book_appointment]");
  expect(yaml).toContain('owner: "@acme/clinic"');
});
