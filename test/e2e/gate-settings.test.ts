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
    environment: { PUBLIC_URL: "https://evals.example.com" },
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

test("a check leads to the page with all of its run, which anybody may read who has its address", async () => {
  const { sha } = await openPullRequest(app, "paged", {
    "desk/memory/loaners.md": "Loaners are plenty now.\n",
  });
  const { summary } = await app.check(sha, "warning");
  const [, path = ""] = /\[The whole report\]\(https:\/\/evals\.example\.com([^)]+)\)/.exec(summary) ?? [];
  expect(path).toMatch(/^\/reports\/[0-9a-f-]{36}$/);
  const page = await fetch(`${app.url}${path}`);
  expect(page.status).toBe(200);
  expect(page.headers.get("content-security-policy")).toContain("sandbox allow-scripts");
  expect(await page.text()).toContain("mornings");
  expect((await fetch(`${app.url}${path}0`)).status).toBe(404);
});

test("a head that is new has its check after few requests, however much there is to read", async () => {
  const from = app.front.requests().length;
  const { sha } = await openPullRequest(app, "quick", {
    "desk/memory/loaners.md": "Loaners are plenty here.\n",
  });
  await app.check(sha);
  const asked = app.front
    .requests()
    .slice(from)
    .map(({ method, path }) => `${method} ${path.replace(/\d+$/, "1")}`);
  const shown = asked.indexOf("POST /repos/northwind/help-desk/check-runs");
  expect(asked.slice(0, shown).map((one) => one.replace(/\?.*/, ""))).toEqual([
    "GET /repositories/1",
    "GET /repos/northwind/help-desk/pulls/1",
    `GET /repos/northwind/help-desk/commits/${sha}/check-runs`,
  ]);
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
