import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  helpDeskFiles,
  openPullRequest,
  placeOf,
  pushTo,
  startHelpDesk,
  untilLooked,
} from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

const CONFIG = ".github/incident-to-eval.yml";
const files = await helpDeskFiles();
const GOOD = files[CONFIG] ?? "";
const BROKEN = GOOD.replace("version: 1", "version: 7").replace(
  "target: anthropic",
  "target: carrier-pigeon",
);

// The default branch moves from test to test: without a configuration, with a broken one, with one that is mended.
let app: RunningApp;
beforeAll(async () => {
  app = await startHelpDesk({ changes: { [CONFIG]: null } });
  // What is pushed to the default branch here is no matter of its protection.
  const { octokit } = app.person(app.emulator.ownerLogin);
  await octokit.rest.repos.deleteBranchProtection({ ...placeOf(app), branch: "main" });
}, 60_000);
afterAll(() => app.stop());

test("without a configuration on the default branch there is no check at all", async () => {
  const { number, sha } = await openPullRequest(app, "unconfigured", { "README.md": "More.\n" });
  await untilLooked(app, number);
  expect(await app.checks(sha)).toEqual([]);
});

test("a configuration that a pull request brings does not gate that pull request", async () => {
  const { number, sha } = await openPullRequest(app, "first-configuration", { [CONFIG]: GOOD });
  await untilLooked(app, number);
  expect(await app.checks(sha)).toEqual([]);
});

test("a broken configuration on the default branch is said, with all its mistakes, and is not laid at the author's door", async () => {
  await pushTo(app, "main", { [CONFIG]: BROKEN });
  const { sha } = await openPullRequest(app, "bystander", { "README.md": "Even more.\n" });
  const check = await app.check(sha);
  expect(check.conclusion).toBe("failure");
  for (const said of ["default branch", "`version` (line 1)", "`agents.helpdesk.target` (line 5)"])
    expect(check.summary).toContain(said);
  expect(check.summary).not.toContain("**Who has to act:** the author of this pull request");
});

test("a pull request that breaks the broken configuration in another way is told of its own mistakes", async () => {
  const { sha } = await openPullRequest(app, "no-repair", {
    [CONFIG]: GOOD.replace("max_turns: 6", "max_turns: 0"),
  });
  const check = await app.check(sha);
  expect(check.conclusion).toBe("failure");
  expect(check.summary).toContain("`agents.helpdesk.max_turns`");
  expect(check.summary).toContain("the author of this pull request");
});

test("a pull request that repairs the configuration is not stopped by it", async () => {
  const { sha } = await openPullRequest(app, "repair", { [CONFIG]: GOOD });
  expect(await app.check(sha)).toMatchObject({ conclusion: "success" });
});

test("once it is repaired, the next pull request is gated", async () => {
  await pushTo(app, "main", { [CONFIG]: GOOD });
  const { sha } = await openPullRequest(app, "gated", { "desk/memory/loaners.md": "Loaners are plenty.\n" });
  expect(await app.check(sha)).toMatchObject({
    conclusion: "failure",
    title: "Blocked: 1 of 1 fixture regressed",
  });
});
