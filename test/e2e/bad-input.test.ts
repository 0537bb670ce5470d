import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { type Changes, helpDeskFiles, openPullRequest, startHelpDesk } from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

const files = await helpDeskFiles();
const text = (path: string): string => files[path] ?? "";

const CONFIG = ".github/incident-to-eval.yml";
const PROMPT = "desk/prompts/answer.md";
const CHANGED_PROMPT = `${text(PROMPT)}Be kind.\n`;

let app: RunningApp;
beforeAll(async () => {
  app = await startHelpDesk();
}, 60_000);
afterAll(() => app.stop());
// Whatever a pull request held, the next one gets its answer.
afterEach(async () => {
  const { sha } = await openPullRequest(app, `after-${app.model.requests().length}-${Date.now()}`, {
    "README.md": `${Date.now()}`,
  });
  expect((await app.check(sha)).conclusion).toBe("success");
});

const aFixture = (change: string): string => `id: mornings
level: blocking
agent: helpdesk
input: { messages: [{ role: user, content: Good morning. }] }
${change}
`;

interface Case {
  readonly what: string;
  readonly changes: Changes;
  readonly title: string;
  readonly says: readonly string[];
}

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]
${[..."bcdefghij"].map((letter, index) => `${letter}: &${letter} [${Array(9).fill(`*${"abcdefghij"[index]}`).join(", ")}]`).join("\n")}
`;

const cases: readonly Case[] = [
  {
    what: "a tool manifest that is not JSON",
    changes: { "desk/tools.json": '[{ "name": "verify_identity", ]' },
    title: "Could not evaluate: agent helpdesk cannot be read",
    says: ["desk/tools.json", "the author of this pull request"],
  },
  {
    what: "a tool manifest of the wrong shape",
    changes: { "desk/tools.json": '{ "verify_identity": {} }' },
    title: "Could not evaluate: agent helpdesk cannot be read",
    says: ["desk/tools.json", "an array of tool definitions"],
  },
  {
    what: "a missing policy",
    changes: { "desk/policies/access.md": null },
    title: "Could not evaluate: agent helpdesk cannot be read",
    says: ["`system[1]`", "a file in the commit", "desk/policies/access.md"],
  },
  {
    what: "a folder where a policy should be",
    changes: { "desk/policies/access.md": null, "desk/policies/access.md/all.md": "All.\n" },
    title: "Could not evaluate: agent helpdesk cannot be read",
    says: ["which is a folder"],
  },
  {
    what: "a model's file without the model",
    changes: { "desk/model.yml": "answering:\n  modell: claude-sonnet-5-5\n" },
    title: "Could not evaluate: agent helpdesk cannot be read",
    says: ["desk/model.yml", "answering.model"],
  },
  {
    what: "a configuration with two mistakes",
    changes: {
      [CONFIG]: text(CONFIG)
        .replace("    max_turns: 6", "    max_turn: 6")
        .replace("{ pull_request: 2 }", "{ pull_request: many }"),
    },
    title: "Could not evaluate",
    says: [
      "`agents.helpdesk.max_turn` (line 14)",
      "max\\_turns",
      "`gate.trials.pull_request` (line 20)",
      "a number",
    ],
  },
  {
    what: "a configuration that is a folder",
    changes: { [CONFIG]: null, [`${CONFIG}/x.md`]: "x\n" },
    title: "Could not evaluate: the configuration has 1 problem",
    says: [CONFIG, "a folder"],
  },
  {
    what: "a configuration of aliases that would fill the memory",
    changes: { [CONFIG]: bomb },
    title: "Could not evaluate",
    says: ["alias"],
  },
  {
    what: "a fixture with an unknown key",
    changes: {
      "evals/golden/mornings.yml": aFixture(
        "expekt: { output: { must_contain: [x] } }\nexpect: { output: { must_contain: [x] } }",
      ),
    },
    title: "Blocked: 1 fixture file cannot be read",
    says: ["evals/golden/mornings.yml", "expekt", "expect"],
  },
  {
    what: "a fixture of aliases that would fill the memory",
    changes: {
      "evals/golden/mornings.yml": `${bomb}${aFixture("expect: { output: { must_contain: [x] } }")}`,
    },
    title: "Blocked: 1 fixture file cannot be read",
    says: ["evals/golden/mornings.yml", "alias"],
  },
  {
    what: "a fixture with a look-around",
    changes: { "evals/golden/mornings.yml": aFixture('expect: { output: { must_match: ["(?=how)How"] } }') },
    title: "Blocked: 1 fixture file cannot be read",
    says: ["evals/golden/mornings.yml", "lookaround", "must\\_match"],
  },
  {
    what: "a fixture that is no YAML",
    changes: { "evals/golden/mornings.yml": "id: mornings\n  agent: [\n" },
    title: "Blocked: 1 fixture file cannot be read",
    says: ["evals/golden/mornings.yml"],
  },
  {
    what: "a fixture of an agent that is not there",
    changes: {
      "evals/golden/mornings.yml": aFixture("expect: { output: { must_contain: [x] } }").replace(
        "helpdesk",
        "helpdeks",
      ),
    },
    title: "Could not evaluate 1 of 2 fixtures",
    says: ["mornings", "helpdeks", "the nearest one is \\`helpdesk\\`"],
  },
];

test.each(cases)("a pull request with $what is told what to mend", async ({ what, changes, title, says }) => {
  const from = app.model.requests().length;
  const { sha } = await openPullRequest(app, what.replaceAll(/\W+/g, "-"), {
    [PROMPT]: CHANGED_PROMPT,
    ...changes,
  });
  const check = await app.check(sha);
  const said = `${check.title}\n${check.summary}`;
  expect(check.conclusion).toBe("failure");
  expect(check.title).toContain(title);
  for (const word of says) expect(said).toContain(word);
  expect(app.model.requests().length).toBeGreaterThanOrEqual(from);
});

test("a regular expression that would take for ever elsewhere is matched in time that grows with the text alone", async () => {
  const { sha } = await openPullRequest(app, "catastrophic", {
    "evals/golden/mornings.yml": aFixture('expect: { output: { must_not_match: ["(a+)+$"] } }').replace(
      "Good morning.",
      `Say ${"a".repeat(10_000)}!`,
    ),
  });
  expect(await app.check(sha)).toMatchObject({ conclusion: "success", title: "1 fixture holds" });
});
