import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { callCommandLine } from "../build/command-line.ts";
import { openPullRequest, startHelpDesk } from "../build/help-desk.ts";
import { aPrivateKey } from "../build/keys.ts";
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

test("the doctor tells what it sees of GitHub and the server, and that a key which is not accepted leaves the rest open", async () => {
  const { code, printed } = await callCommandLine(
    ["doctor", "--repo", "acme/agent", "--server", app.url, "--json"],
    {
      folder: "/",
      environment: { APP_ID: "4711", PRIVATE_KEY: aPrivateKey(), GITHUB_API_URL: app.front.url },
    },
  );
  expect(code).toBe(3);
  expect(JSON.parse(printed).findings).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ on: "App", state: "unseen", says: expect.stringContaining("APP_ID") }),
      expect.objectContaining({ on: "webhook deliveries", state: "ok" }),
      expect.objectContaining({ on: "server", state: "ok" }),
    ]),
  );
});
