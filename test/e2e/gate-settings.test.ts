import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { helpDeskFiles, openPullRequest, startHelpDesk } from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

const CONFIG = ".github/incident-to-eval.yml";
const files = await helpDeskFiles();
const settings = `  max_cost_usd: 0.01
  warning: require_override
  drafts: true
  unscoped: fast
`;

const aMorning = (id: string, level: string, more = ""): string => `id: ${id}
level: ${level}
${more}agent: helpdesk
input: { messages: [{ role: user, content: Good morning. }] }
expect: { output: { must_contain: [help] } }
`;

let app: RunningApp;
beforeAll(async () => {
  app = await startHelpDesk({
    changes: {
      [CONFIG]: `${files[CONFIG]}${settings}`,
      "evals/golden/mornings.yml": aMorning("mornings", "warning", "tier: fast\ngates: [memory]\n"),
    },
    rules: `
  - when: { last_user_contains: good morning, system_contains: Loaners are plenty }
    reply: { text: Take a loaner. }
`,
  });
}, 60_000);
afterAll(() => app.stop());

test("a run that has spent its money leaves the rest not run, which is no pass", async () => {
  const { sha } = await openPullRequest(app, "dear", {
    "desk/model.yml": "answering:\n  model: claude-fable-5-1\n  parameters: { max_tokens: 800 }\n",
  });
  const check = await app.check(sha);
  expect(check.conclusion).toBe("failure");
  expect(check.summary).toContain("**Who has to act:** whoever keeps `.github/incident-to-eval.yml`");
  expect(check.summary).toContain("1. Raise `gate.max_cost_usd`");
  expect(check.summary).not.toContain("Re-run");
});

test("a warning that somebody has to override asks for action", async () => {
  const { sha } = await openPullRequest(app, "warned", { "desk/memory/loaners.md": "Loaners are plenty.\n" });
  expect(await app.check(sha, "warning")).toMatchObject({
    conclusion: "action_required",
    title: "Action required: 1 of 1 fixture regressed",
  });
});

test("a pull request cannot lower the settings that judge it", async () => {
  const { sha } = await openPullRequest(app, "lowered", {
    "desk/memory/loaners.md": "Loaners are plenty.\n",
    [CONFIG]: `${files[CONFIG]}${settings.replace("require_override", "neutral")}`,
  });
  expect(await app.check(sha, "warning")).toMatchObject({ conclusion: "action_required" });
});

test("a draft is gated where the configuration asks for it, and fast fixtures run for what matches no change type", async () => {
  const { sha } = await openPullRequest(app, "draft", { "README.md": "More.\n" }, { draft: true });
  expect(await app.check(sha)).toMatchObject({ conclusion: "success" });
  expect(await app.check(sha, "warning")).toMatchObject({ conclusion: "success", title: "1 fixture holds" });
});
