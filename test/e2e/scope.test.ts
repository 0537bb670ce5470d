import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { helpDeskFiles, openPullRequest, startHelpDesk } from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

let app: RunningApp;
let files: Readonly<Record<string, string>>;
beforeAll(async () => {
  files = await helpDeskFiles();
  app = await startHelpDesk();
}, 60_000);
afterAll(() => app.stop());

const text = (path: string): string => files[path] ?? "";

test.each([
  ["the README", { "README.md": "# Help desk\n\nNow with a second paragraph.\n" }],
  [
    "a key of the model's file that is not the model",
    {
      "desk/model.yml":
        "answering:\n  model: claude-sonnet-5-5\n  parameters: { max_tokens: 800, temperature: 0.2 }\ndashboard:\n  colour: green\n",
    },
  ],
  [
    "the layout of the model's file",
    {
      "desk/model.yml":
        "dashboard: { colour: blue }\nanswering:\n  parameters:\n    temperature: 0.2\n    max_tokens: 800\n  model: claude-sonnet-5-5\n",
    },
  ],
])(
  "a pull request that touches only %s asks no model and says that there was nothing to run",
  async (what, changes) => {
    const from = app.model.requests().length;
    const { sha } = await openPullRequest(app, `idle-${what.replaceAll(/\W+/g, "-")}`, changes);
    const blocking = await app.check(sha);
    expect(blocking).toMatchObject({
      conclusion: "success",
      title: "Nothing to run: no change type matched",
    });
    expect(blocking.summary).toContain("Nothing was run");
    expect(await app.check(sha, "warning")).toMatchObject({ conclusion: "success", title: blocking.title });
    expect(app.model.requests().slice(from)).toEqual([]);
  },
);

test("a prompt that only moves is a change of the prompt, whose fixtures hold", async () => {
  const { sha } = await openPullRequest(app, "rename", {
    "desk/prompts/answer.md": null,
    "desk/prompts/reply.md": text("desk/prompts/answer.md"),
  });
  const check = await app.check(sha);
  expect(check).toMatchObject({ conclusion: "success", title: "1 fixture holds" });
  expect(check.summary).toContain("`desk/prompts/answer.md`");
  expect(check.summary).toContain("`desk/prompts/reply.md`");
});

test("a prompt that moves out of the agent's reach is a prompt that is gone", async () => {
  const { sha } = await openPullRequest(app, "move-away", {
    "desk/prompts/answer.md": null,
    "docs/answer.md": text("desk/prompts/answer.md"),
  });
  const check = await app.check(sha);
  expect(check).toMatchObject({
    conclusion: "failure",
    title: "Could not evaluate: agent helpdesk cannot be read",
  });
  expect(check.summary).toContain("desk/prompts/");
});

test("a pull request of two change types runs the fixtures of both, and names both", async () => {
  const { sha } = await openPullRequest(app, "two-types", {
    "desk/policies/access.md": "Administrator rights are given to those who ask.\n",
    "desk/memory/loaners.md": "Loaners are plenty.\n",
  });
  const check = await app.check(sha);
  expect(check).toMatchObject({ conclusion: "failure", title: "Blocked: 2 of 2 fixtures regressed" });
  for (const said of ["**policy**", "**memory**", "admin-rights-need-approval", "loaners-come-back"])
    expect(check.summary).toContain(said);
});

test("a file that no agent named before and none names now is no change, though it lies beside the others", async () => {
  const { sha } = await openPullRequest(app, "beside", { "desk/notes.md": "Nobody reads this.\n" });
  expect(await app.check(sha)).toMatchObject({ title: "Nothing to run: no change type matched" });
});

test("a change of the agent that takes over runs the fixtures of the one that hands over, and says what protects it", async () => {
  const { sha } = await openPullRequest(app, "take-over", {
    "desk/security/prompt.md": "You are the security desk. Be stern.\n",
  });
  const check = await app.check(sha);
  expect(check).toMatchObject({ conclusion: "success", title: "1 fixture holds" });
  expect(check.summary).toContain("**prompt** of `security`");
  expect(check.summary).toContain("when it stops | `identity-before-reset` |");
});
