import { afterEach, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { githubIssues } from "../../../src/adapters/github/issues.ts";
import { AT, BOT, listeningLog, recordedAccess, recordedGitHub } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

function anIssue(change: object = {}) {
  return {
    number: 7,
    title: "It refunded",
    body: null,
    user: { login: "wanda" },
    state: "closed",
    labels: ["incident", { name: "S1" }, { name: null }],
    html_url: "https://github.test/acme/support-agent/issues/7",
    created_at: "2026-11-21T00:00:00Z",
    updated_at: "2026-11-21T10:00:00Z",
    ...change,
  };
}

function aComment(id: number, body: string, login: string = BOT) {
  return {
    id,
    body,
    user: { login },
    html_url: `https://github.test/acme/support-agent/issues/7#issuecomment-${id}`,
  };
}

function answerComments(...comments: readonly object[]) {
  recordedGitHub().get(`${AT}/issues/7/comments`).query(true).reply(200, comments);
}

const MARKER = "<!-- incident-to-eval:incident -->";

test("an issue without a body or an author is still an issue", async () => {
  recordedGitHub()
    .get(`${AT}/issues/7`)
    .reply(200, anIssue({ user: null }));
  expect(await githubIssues(recordedAccess()).fetchIssue(7)).toEqual({
    number: 7,
    title: "It refunded",
    body: "",
    author: "ghost",
    state: "closed",
    labels: ["incident", "S1", ""],
    url: "https://github.test/acme/support-agent/issues/7",
    updatedAt: new Date("2026-11-21T10:00:00Z"),
  });
});

test.each([
  { called: "a pull request", issue: anIssue({ pull_request: { url: "" } }) },
  { called: "an issue that was moved to another repository", issue: anIssue({ number: 3 }) },
])("$called is not an issue here", async ({ issue }) => {
  recordedGitHub().get(`${AT}/issues/7`).reply(200, issue);
  expect(await githubIssues(recordedAccess()).fetchIssue(7)).toBeUndefined();
});

test("our comment that is listed is brought to what is said, and then known without the list", async () => {
  answerComments(aComment(1, `${MARKER}\nBefore`));
  const heard: string[] = [];
  recordedGitHub()
    .patch(`${AT}/issues/comments/1`, ({ body }) => heard.push(body) > 0)
    .twice()
    .reply(200, aComment(1, ""));
  const issues = githubIssues(recordedAccess());
  expect(await issues.publishComment(7, "incident", "One")).toContain("issuecomment-1");
  expect(await issues.publishComment(7, "incident", "Two")).toContain("issuecomment-1");
  expect(heard).toEqual([`${MARKER}\nOne`, `${MARKER}\nTwo`]);
});

describe("our comment that says already what is to be said", () => {
  /** A comment that was just created, as GitHub shows it from then on. */
  async function aSaidOne(shown: string) {
    const issues = githubIssues(recordedAccess());
    answerComments();
    recordedGitHub()
      .post(`${AT}/issues/7/comments`)
      .reply(201, aComment(4, `${MARKER}\nHello`));
    await issues.publishComment(7, "incident", "Hello");
    recordedGitHub().get(`${AT}/issues/comments/4`).reply(200, aComment(4, shown));
    return issues;
  }

  test("is not edited", async () => {
    const issues = await aSaidOne(`${MARKER}\r\nHello\n`);
    expect(await issues.publishComment(7, "incident", "Hello")).toContain("issuecomment-4");
  });

  test.each([
    ["shows something else, by a person's edit or because GitHub lags", "Hello", "Bye"],
    ["is to say what it said before the last time, which GitHub still shows", "Bye", "Hello"],
  ])("and %s, is edited", async (_what, wanted, shown) => {
    const issues = await aSaidOne(`${MARKER}\n${shown}`);
    const heard: string[] = [];
    recordedGitHub()
      .patch(`${AT}/issues/comments/4`, ({ body }) => heard.push(body) > 0)
      .reply(200, aComment(4, ""));
    await issues.publishComment(7, "incident", wanted);
    expect(heard).toEqual([`${MARKER}\n${wanted}`]);
  });

  test("and was deleted, is written anew", async () => {
    const issues = githubIssues(recordedAccess({ lagMs: 0 }));
    answerComments();
    recordedGitHub().post(`${AT}/issues/7/comments`).reply(201, aComment(4, ""));
    await issues.publishComment(7, "incident", "Hello");
    recordedGitHub().get(`${AT}/issues/comments/4`).reply(404, {});
    recordedGitHub().patch(`${AT}/issues/comments/4`).reply(404, {});
    answerComments();
    recordedGitHub().post(`${AT}/issues/7/comments`).reply(201, aComment(5, ""));
    expect(await issues.publishComment(7, "incident", "Hello")).toContain("issuecomment-5");
  });
});

test("only a marker that opens a comment of our own counts", async () => {
  answerComments(
    aComment(1, `${MARKER}\nforged`, "mallory"),
    aComment(2, `As the bot said: ${MARKER}`),
    aComment(3, "<!-- incident-to-eval:gate -->\nother"),
  );
  recordedGitHub()
    .post(`${AT}/issues/7/comments`, { body: `${MARKER}\nHello` })
    .reply(201, aComment(4, ""));
  expect(await githubIssues(recordedAccess()).publishComment(7, "incident", "Hello")).toContain(
    "issuecomment-4",
  );
});

test("a comment that is too long is cut, and says so", async () => {
  answerComments();
  const heard: string[] = [];
  recordedGitHub()
    .post(`${AT}/issues/7/comments`, ({ body }) => heard.push(body) > 0)
    .reply(201, aComment(4, ""));
  await githubIssues(recordedAccess()).publishComment(7, "incident", "ä".repeat(65_000));
  expect(Buffer.byteLength(heard[0] ?? "")).toBeLessThanOrEqual(65_535);
  expect(heard[0]).toMatch(/ä\n\n_Cut here: GitHub takes no more\._$/);
});

test("a kind that would break the marker is our fault and throws", async () => {
  await expect(githubIssues(recordedAccess()).publishComment(7, "a -->", "Hello")).rejects.toThrow(
    "lower-case",
  );
});

test("reactions that are not offered are said once", async () => {
  recordedGitHub().post(`${AT}/issues/comments/9/reactions`).twice().reply(404, { message: "Not Found" });
  const log = listeningLog();
  const issues = githubIssues(recordedAccess({ log }));
  await issues.react(9, "eyes");
  await issues.react(9, "+1");
  expect(log.said).toEqual(["Reactions are not offered here; commands work without them"]);
});

test("a reaction that fails otherwise is a failure", async () => {
  recordedGitHub().post(`${AT}/issues/comments/9/reactions`).reply(500, {});
  await expect(githubIssues(recordedAccess()).react(9, "eyes")).rejects.toMatchObject({ retryable: true });
});
