import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type OpenedPullRequest, openPullRequest, placeOf, startHelpDesk } from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

const MESSAGES = /^\/v1\/messages$/;
const kinder = (word: string) => ({
  "desk/prompts/answer.md": `Be ${word}. Before you change anything on an account, check who is asking.\n`,
});

let app: RunningApp;
let stopRefusing: () => void;
let cutOff: OpenedPullRequest;
// A provider that names so long a wait is given up at once.
beforeAll(async () => {
  app = await startHelpDesk();
  stopRefusing = app.modelFront.refuse("POST", MESSAGES, 529, { "retry-after": "600" });
  cutOff = await openPullRequest(app, "cut-off", kinder("kind"));
}, 60_000);
afterAll(() => app.stop());

async function rerequest(sha: string): Promise<void> {
  const { octokit } = app.person("wanda");
  const [check] = await app.checks(sha);
  await octokit.rest.checks.rerequestRun({ ...placeOf(app), check_run_id: check?.id ?? 0 });
}

test("a provider that is away leaves the check saying that it could not evaluate", async () => {
  const check = await app.check(cutOff.sha);
  expect(check).toMatchObject({ conclusion: "failure", title: "Could not evaluate 1 of 1 fixture" });
  expect(check.summary).toContain("529");
  expect(check.summary).toContain("Nothing in this pull request has to change");
  expect(await app.check(cutOff.sha, "warning")).toMatchObject({ conclusion: "neutral" });
});

test("once the provider is back, somebody who asks for another run gets an answer in new checks", async () => {
  stopRefusing();
  await rerequest(cutOff.sha);
  await app.eventually("second answer", async () => {
    const checks = await app.checks(cutOff.sha);
    return checks.length === 2 && checks[1]?.status === "completed" ? true : undefined;
  });
  expect((await app.checks(cutOff.sha)).at(-1)).toMatchObject({
    conclusion: "success",
    title: "1 fixture holds",
  });
  expect((await app.checks(cutOff.sha, "warning")).at(-1)).toMatchObject({ conclusion: "success" });
});

test("a provider that fails for a moment is asked again, and nobody hears of it", async () => {
  const stop = app.modelFront.refuse("POST", MESSAGES, 500);
  const { sha } = await openPullRequest(app, "blip", kinder("calm"));
  await app.eventually("open check", async () => ((await app.checks(sha)).length > 0 ? true : undefined));
  stop();
  expect(await app.check(sha)).toMatchObject({ conclusion: "success", title: "1 fixture holds" });
});

test("a provider that refuses our key is told at once, and who has to act", async () => {
  const stop = app.modelFront.refuse("POST", MESSAGES, 401);
  const { sha } = await openPullRequest(app, "bad-key", kinder("kinder"));
  const check = await app.check(sha);
  stop();
  expect(check).toMatchObject({ conclusion: "failure", title: "Could not evaluate 1 of 1 fixture" });
  expect(check.summary).toContain("ANTHROPIC\\_API\\_KEY");
});

test("a model that does not exist is told with its name", async () => {
  const stop = app.modelFront.refuse("POST", MESSAGES, 404);
  const { sha } = await openPullRequest(app, "no-such-model", kinder("patient"));
  const check = await app.check(sha);
  stop();
  expect(check.conclusion).toBe("failure");
  expect(check.summary).toContain("claude-sonnet-5-5");
});

test("GitHub that refuses our checks for a moment gets them all the same, each once", async () => {
  const stop = app.front.refuse("PATCH", /\/check-runs\/\d+$/, 502);
  const { sha } = await openPullRequest(app, "github-502", kinder("polite"));
  await app.eventually("open check", async () => ((await app.checks(sha)).length > 0 ? true : undefined));
  stop();
  expect(await app.check(sha)).toMatchObject({ conclusion: "success" });
  expect(await app.check(sha, "warning")).toMatchObject({ conclusion: "success" });
  expect(await app.checks(sha)).toHaveLength(1);
  expect(await app.checks(sha, "warning")).toHaveLength(1);
});
