import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import { githubPullRequests } from "../../../src/adapters/github/pull-requests.ts";
import { AT, recordedAccess, recordedGitHub } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

const HERE = { id: 1, full_name: "acme/support-agent" };

function aPull(change: object = {}) {
  return {
    number: 12,
    title: "Tone",
    user: { login: "wanda" },
    state: "open",
    draft: true,
    merged_at: null,
    updated_at: "2026-11-21T10:00:00Z",
    head: { ref: "tone", sha: "h1", repo: HERE },
    base: { ref: "main", sha: "b1", repo: HERE },
    html_url: "https://github.test/acme/support-agent/pull/12",
    ...change,
  };
}

test.each([
  {
    called: "one from a fork",
    pull: aPull({ head: { ref: "main", sha: "h1", repo: { id: 2, full_name: "otto/support-agent" } } }),
    expected: { fromFork: true, head: { sha: "h1", branch: "main" } },
  },
  {
    called: "one from a fork that was deleted",
    pull: aPull({ head: { ref: "main", sha: "h1", repo: null } }),
    expected: { fromFork: true, head: { sha: "h1", branch: "main" } },
  },
  {
    called: "one of the repository itself",
    pull: aPull(),
    expected: { fromFork: false, draft: true, state: "open", updatedAt: new Date("2026-11-21T10:00:00Z") },
  },
  {
    called: "a closed one of a deleted account",
    pull: aPull({ state: "closed", user: null }),
    expected: { state: "closed", author: "ghost" },
  },
])("$called is read as it stands", async ({ pull, expected }) => {
  recordedGitHub().get(`${AT}/pulls/12`).reply(200, pull);
  expect(await githubPullRequests(recordedAccess()).fetchPullRequest(12)).toMatchObject(expected);
});

test("a pull request that is not there is undefined", async () => {
  recordedGitHub().get(`${AT}/pulls/12`).reply(404, { message: "Not Found" });
  expect(await githubPullRequests(recordedAccess()).fetchPullRequest(12)).toBeUndefined();
});

test.each([
  { status: 200, body: { object: { sha: "h1" } }, head: "h1" },
  { status: 404, body: { message: "Not Found" }, head: undefined },
])("the head that the repository itself names ($status) is $head", async ({ status, body, head }) => {
  recordedGitHub().get(`${AT}/git/ref/pull%2F12%2Fhead`).reply(status, body);
  expect(await githubPullRequests(recordedAccess()).fetchHeadRef(12)).toBe(head);
});

test("open ones are found by their head on any page, forks too", async () => {
  const fork = { ref: "patch-1", sha: "h2", repo: { id: 2, full_name: "otto/support-agent" } };
  const next = `<https://api.github.test${AT}/pulls?page=2>; rel="next", <https://api.github.test${AT}/pulls?page=2>; rel="last"`;
  recordedGitHub()
    .get(`${AT}/pulls`)
    .query((query) => query.state === "open" && query.page === "1")
    .reply(200, [aPull()], { link: next })
    .get(`${AT}/pulls`)
    .query((query) => query.page === "2")
    .reply(200, [aPull({ number: 13, head: fork })]);
  const found = await githubPullRequests(recordedAccess()).searchOpen("h2");
  expect(found.map(({ number, fromFork }) => [number, fromFork])).toEqual([[13, true]]);
});

test("a list without end is a failure and not a shorter list", async () => {
  const next = `<https://api.github.test${AT}/pulls?page=2>; rel="next"`;
  recordedGitHub().persist().get(`${AT}/pulls`).query(true).reply(200, [aPull()], { link: next });
  await expect(githubPullRequests(recordedAccess()).searchOpen("h9")).rejects.toThrow(
    "expected at most 10000 entries",
  );
});

test("reviews in any state are read, a draft and a dismissed one too; an unknown state approves nothing", async () => {
  const review = (state: string, more: object = {}) => ({
    id: 1,
    user: { login: "kim" },
    state,
    commit_id: "h1",
    submitted_at: "2026-11-21T10:00:00Z",
    ...more,
  });
  const listed = [
    review("APPROVED"),
    review("DISMISSED"),
    review("PENDING", { submitted_at: undefined }),
    review("APPROVED", { user: null }),
    review("approved", { commit_id: null }),
    review("BLESSED"),
  ];
  recordedGitHub().get(`${AT}/pulls/12/reviews?per_page=100&page=1`).reply(200, listed);
  const at = new Date("2026-11-21T10:00:00Z");
  expect(await githubPullRequests(recordedAccess()).fetchReviews(12)).toEqual([
    { id: 1, author: "kim", state: "approved", commit: "h1", at },
    { id: 1, author: "kim", state: "dismissed", commit: "h1", at },
    { id: 1, author: "kim", state: "pending", commit: "h1", at: undefined },
    { id: 1, author: "kim", state: "approved", commit: undefined, at },
    { id: 1, author: "kim", state: "dismissed", commit: "h1", at },
  ]);
});
