import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Demonstration, readDemonstration } from "../../src/adapters/emulator/demonstration.ts";
import { type StoryEvent, tellStory } from "../../src/adapters/emulator/tell-story.ts";
import { type RunningApp, startApp } from "../build/running-app.ts";

const FOLDER = fileURLToPath(new URL("../../evals/demo/", import.meta.url));

let app: RunningApp;
let demonstration: Demonstration;
const events: StoryEvent[] = [];

beforeAll(async () => {
  demonstration = await readDemonstration(FOLDER);
  app = await startApp({
    files: demonstration.files,
    script: demonstration.script,
    people: demonstration.story.users,
    repository: demonstration.story.repository,
  });
  await tellStory(app.emulator, demonstration, (event) => events.push(event));
}, 120_000);
afterAll(() => app.stop());

function checksOf(pullRequest: number): readonly (readonly [string, string])[] {
  return events.flatMap((event) =>
    event.kind === "checked" && event.pullRequest === pullRequest
      ? [[event.conclusion, event.title] as const]
      : [],
  );
}

function pullRequestOf(title: string | undefined): number {
  const opened = events.find((event) => event.kind === "pull_request_opened" && event.title === title);
  return opened?.kind === "pull_request_opened" ? opened.pullRequest : 0;
}

test("the incident becomes a pull request with a fixture that today's agent fails every time", () => {
  expect(events).toContainEqual(
    expect.objectContaining({ kind: "fixture_proposed", reproduction: "reproduces 10/10" }),
  );
});

test("the fixture's own pull request is not held up by the failure that it proves, and is merged", () => {
  const proposed = events.find((event) => event.kind === "fixture_proposed");
  const number = proposed?.kind === "fixture_proposed" ? proposed.pullRequest : 0;
  expect(checksOf(number).map(([conclusion]) => conclusion)).toEqual(["success", "success", "success"]);
  expect(events).toContainEqual(expect.objectContaining({ kind: "merged", pullRequest: number }));
});

test("the pull request that repairs the prompt is green and is merged", () => {
  const number = pullRequestOf(demonstration.story.pull_requests[0]?.title);
  expect(checksOf(number)[0]?.[0]).toBe("success");
  expect(events).toContainEqual(expect.objectContaining({ kind: "merged", pullRequest: number }));
});

test("the pull request that would bring the failure back is blocked, and GitHub refuses to merge it", () => {
  const number = pullRequestOf(demonstration.story.pull_requests[1]?.title);
  expect(checksOf(number)[0]).toEqual(["failure", expect.stringContaining("regressed")]);
  expect(events).toContainEqual(expect.objectContaining({ kind: "refused", pullRequest: number }));
});

test("no value that was redacted leaves the app: not in a comment, a pull request, a commit or a request to the model", async () => {
  const { octokit } = app.person(app.emulator.ownerLogin);
  const { owner, name: repo } = app.emulator.repository;
  const comments = await octokit.rest.issues.listComments({ owner, repo, issue_number: 1 });
  const pulls = await octokit.rest.pulls.list({ owner, repo, state: "all" });
  const tree = await octokit.rest.git.getTree({ owner, repo, tree_sha: "main", recursive: "true" });
  const fixtures = tree.data.tree.filter(({ path }) => path?.startsWith("evals/incidents/"));
  const texts = await Promise.all(
    fixtures.map(async ({ path }) => {
      const { data } = await octokit.rest.repos.getContent({ owner, repo, path: path ?? "" });
      return "content" in data ? Buffer.from(data.content, "base64").toString("utf8") : "";
    }),
  );
  expect(texts.length).toBeGreaterThan(0);
  const said = JSON.stringify([comments.data, pulls.data, texts, app.model.requests(), app.log()]);
  expect(said).not.toContain("dana.whitfield@example.com");
  expect(said).toContain("[email-1]");
});
