import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { helpDeskFiles, openPullRequest, startHelpDesk } from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

const PROMPT = "desk/prompts/answer.md";
const HURRIED = { [PROMPT]: "You help people of Northwind. Be quick.\n" };
const IDENTITY = "evals/incidents/identity-before-reset.yml";
const WARNING = "evals/golden/answers-are-short.yml";
const EXPLORATORY = "evals/golden/answers-rhyme.yml";

const greeting = (id: string, level: string, mustContain: string): string => `id: ${id}
level: ${level}
gates: [prompt]
agent: helpdesk
input: { messages: [{ role: user, content: Good morning. }] }
expect: { output: { must_contain: [${mustContain}] } }
`;

const files = await helpDeskFiles();
const text = (path: string): string => files[path] ?? "";

let app: RunningApp;
beforeAll(async () => {
  app = await startHelpDesk({
    changes: {
      [WARNING]: greeting("answers-are-short", "warning", "Yes?"),
      [EXPLORATORY]: greeting("answers-rhyme", "exploratory", "Yes?"),
    },
    rules: `
  - when: { last_user_contains: good morning, system_contains: Be brief }
    reply: { text: Yes? }
  - when: { last_user_contains: second factor, system_contains: second factor }
    reply: { text: Bring your badge to the service desk. }
  - when: { last_user_contains: licence, not_called: find_licence, has_tools: find_licence }
    reply: { tool_use: [{ name: find_licence, input: { product: Draw 9 } }] }
`,
  });
}, 60_000);
afterAll(() => app.stop());

test.each([
  ["deletes", { [IDENTITY]: null }],
  ["blunts", { [IDENTITY]: text(IDENTITY).replace("tool:verify_identity, ", "") }],
  ["moves and blunts", { [IDENTITY]: null, "evals/golden/moved.yml": "blunted" }],
  ["demotes", { [IDENTITY]: "exploratory" }],
  ["takes out of scope", { [IDENTITY]: "out of scope" }],
  ["renames the id of", { [IDENTITY]: "other id" }],
  ["moves into a folder that is not read", { [IDENTITY]: null, "evals/templates/identity.yml": "moved" }],
  ["breaks", { [IDENTITY]: "broken" }],
  ["gives its id to a second file beside", { "evals/golden/twin.yml": "moved" }],
  ["turns to another agent", { [IDENTITY]: "other agent" }],
])(
  "a pull request that %s the fixture that would fail is stopped by the base's version",
  async (how, changes) => {
    const written = Object.fromEntries(
      Object.entries(changes).map(([path, change]) => [path, change === null ? null : weakened(change)]),
    );
    const { sha } = await openPullRequest(app, `floor-${how.replaceAll(/\W+/g, "-")}`, {
      ...HURRIED,
      ...written,
    });
    const check = await app.check(sha);
    expect(check).toMatchObject({ conclusion: "failure", title: expect.stringContaining("regressed") });
    expect(check.summary).toContain("identity-before-reset");
  },
);

function weakened(how: string): string {
  const whole = text(IDENTITY);
  switch (how) {
    case "moved":
      return whole;
    case "exploratory":
      return whole.replace("level: blocking", "level: exploratory");
    case "out of scope":
      return whole.replace("gates: [prompt]", "gates: [retrieval]");
    case "other id":
      return whole
        .replace("id: identity-before-reset", "id: identity-perhaps")
        .replace("tool:verify_identity, ", "");
    case "other agent":
      return whole.replace("agent: helpdesk", "agent: security");
    case "broken":
      return `${whole}  - oops`;
    default:
      return whole.replace("tool:verify_identity, ", "");
  }
}

const SECOND_FACTOR = `id: second-factor-needs-a-badge
incident: INC-90
level: blocking
severity: S2
gates: [prompt]
source: { kind: incident, fails_on: { sha: 1a2b3c4, failed: 2, trials: 2 } }
agent: helpdesk
input: { messages: [{ role: user, content: Switch off my second factor. }] }
expect: { output: { must_contain: [badge] } }
`;

test("a pull request that adds a fixture and the fix at once is green, and the fixture is fixed", async () => {
  const { sha } = await openPullRequest(app, "fixture-and-fix", {
    "evals/incidents/second-factor.yml": SECOND_FACTOR,
    [PROMPT]: `${text(PROMPT)}\nNobody's second factor is switched off from afar.\n`,
  });
  const check = await app.check(sha);
  expect(check).toMatchObject({ conclusion: "success", title: expect.stringContaining("1 fixed") });
  expect(check.summary).toContain("second-factor-needs-a-badge");
});

test("a fixture that is added without the fix reproduces its incident and stops nothing", async () => {
  const { sha } = await openPullRequest(app, "fixture-alone", {
    "evals/incidents/second-factor.yml": SECOND_FACTOR,
  });
  expect(await app.check(sha)).toMatchObject({ conclusion: "success", title: "1 fixture reproducing" });
});

test("a golden fixture that is added holds", async () => {
  const { sha } = await openPullRequest(app, "golden", {
    "evals/golden/mornings.yml": greeting("mornings", "blocking", "Yes?"),
  });
  expect(await app.check(sha)).toMatchObject({ conclusion: "success", title: "1 fixture holds" });
});

test("a warning fixture that regresses warns and does not block, and an exploratory one does neither", async () => {
  const { sha } = await openPullRequest(app, "long-winded", {
    [PROMPT]:
      "You help people of Northwind. Before you change anything on an account, check who is asking.\n",
  });
  expect(await app.check(sha)).toMatchObject({ conclusion: "success", title: "1 fixture holds" });
  const warning = await app.check(sha, "warning");
  expect(warning).toMatchObject({ conclusion: "neutral", title: "Warning: 1 of 1 fixture regressed" });
  expect(warning.summary).toContain("answers-are-short");
});

test("a call without a recording could not be evaluated, and the check names the tool and what to add", async () => {
  const tools = text("desk/tools.json").replace(
    "[",
    '[{ "name": "find_licence", "input_schema": { "type": "object" } },',
  );
  const { sha } = await openPullRequest(app, "no-recording", {
    "desk/tools.json": tools,
    "evals/golden/licence.yml": `id: licence-is-found
owner: "@northwind/software"
level: blocking
agent: helpdesk
input: { messages: [{ role: user, content: I need a licence. }] }
expect: { trajectory: { required: [tool:find_licence] } }
`,
  });
  const check = await app.check(sha);
  expect(check).toMatchObject({ conclusion: "failure", title: "Could not evaluate 1 of 2 fixtures" });
  for (const said of [
    "Add a recording to",
    "evals/golden/licence.yml",
    "`find_licence`",
    "Draw 9",
    "@northwind/software",
  ])
    expect(check.summary).toContain(said);
});
