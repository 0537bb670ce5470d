import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openPullRequest, startHelpDesk } from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

let app: RunningApp;
beforeAll(async () => {
  app = await startHelpDesk({ environment: { ANTHROPIC_API_KEY: undefined } });
}, 60_000);
afterAll(() => app.stop());

test("without a model key nothing is evaluated, and the check says who has to set which variable", async () => {
  const { sha } = await openPullRequest(app, "shorter", { "desk/prompts/answer.md": "Be quick.\n" });
  const check = await app.check(sha);
  expect(check).toMatchObject({
    conclusion: "failure",
    title: "Could not evaluate: the app has no model key",
  });
  expect(check.summary).toContain("`ANTHROPIC_API_KEY`");
  expect(app.model.requests()).toEqual([]);
});

test("what needs no model is answered without a key", async () => {
  const { sha } = await openPullRequest(app, "readme", { "README.md": "More.\n" });
  expect(await app.check(sha)).toMatchObject({ conclusion: "success" });
});
