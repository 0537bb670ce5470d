import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Changes, commit, helpDeskFiles, placeOf, pushTo, startHelpDesk } from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

const PROMPT = "desk/prompts/answer.md";
const IDENTITY = "evals/incidents/identity-before-reset.yml";
const HURRIED = "Be quick.\n";
const files = await helpDeskFiles();

let app: RunningApp;
let start: string;
beforeAll(async () => {
  app = await startHelpDesk();
  const { octokit } = app.person(app.emulator.ownerLogin);
  // What is pushed to the default branch here is no matter of its protection.
  await octokit.rest.repos.deleteBranchProtection({ ...placeOf(app), branch: "main" });
  start = (await octokit.rest.git.getRef({ ...placeOf(app), ref: "heads/main" })).data.object.sha;
  const lenient = await commit(app, start, { [IDENTITY]: null, [PROMPT]: HURRIED });
  await octokit.rest.git.createRef({ ...placeOf(app), ref: "refs/heads/lenient", sha: lenient });
}, 60_000);
afterAll(() => app.stop());

async function propose(branch: string, parent: string, changes: Changes, base: string) {
  const { octokit } = app.person("wanda");
  const sha = await commit(app, parent, changes);
  await octokit.rest.git.createRef({ ...placeOf(app), ref: `refs/heads/${branch}`, sha });
  const { data } = await octokit.rest.pulls.create({ ...placeOf(app), title: branch, head: branch, base });
  return { number: data.number, sha };
}

test("a branch whose fixtures are weaker than the default branch's is no way round them", async () => {
  const { sha } = await propose("by-the-back-door", start, { [PROMPT]: HURRIED }, "lenient");
  const check = await app.check(sha);
  expect(check).toMatchObject({ conclusion: "failure", title: "Blocked: 1 of 1 fixture regressed" });
  expect(check.summary).toContain("identity-before-reset");
});

test("a pull request that is sent to another branch is judged again", async () => {
  const { number, sha } = await propose("retargeted", start, { "README.md": "More.\n" }, "lenient");
  expect(await app.check(sha)).toMatchObject({ conclusion: "success" });
  const { octokit } = app.person("wanda");
  await octokit.rest.pulls.update({ ...placeOf(app), pull_number: number, base: "main" });
  await app.deliver("pull_request", {
    action: "edited",
    pull_request: { number },
    changes: { base: { ref: { from: "lenient" } } },
  });
  await app.eventually("second answer", async () =>
    (await app.checks(sha)).at(1)?.status === "completed" ? true : undefined,
  );
});

test("a fixture that came to the default branch after a pull request was begun protects against it too", async () => {
  await pushTo(app, "main", {
    "evals/golden/nobody-is-quick.yml": `id: nobody-is-quick
level: blocking
gates: [memory]
agent: helpdesk
input: { messages: [{ role: user, content: May I keep the loaner? }] }
expect: { output: { must_contain: [14 days] } }
`,
  });
  const { sha } = await propose(
    "lagging",
    start,
    { "desk/memory/loaners.md": "Loaners are plenty.\n" },
    "main",
  );
  const check = await app.check(sha);
  expect(check).toMatchObject({ conclusion: "failure", title: "Blocked: 2 of 2 fixtures regressed" });
  expect(check.summary).toContain("nobody-is-quick");
});

test("what the default branch changed since then is not laid at the pull request's door", async () => {
  await pushTo(app, "main", {
    "desk/policies/access.md": "Administrator rights are given to those who ask.\n",
  });
  const { sha } = await propose("bystander", start, { "README.md": "Even more.\n" }, "main");
  expect(await app.check(sha)).toMatchObject({ title: "Nothing to run: no change type matched" });
});

test("a revert that takes the fix away and leaves its fixture is blocked", async () => {
  const reverted = await pushTo(app, "main", { [PROMPT]: files[PROMPT] ?? "" });
  const { sha } = await propose("revert", reverted, { [PROMPT]: HURRIED }, "main");
  expect(await app.check(sha)).toMatchObject({
    conclusion: "failure",
    title: "Blocked: 1 of 1 fixture regressed",
  });
});
