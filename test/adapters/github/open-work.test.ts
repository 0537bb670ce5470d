import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import { githubOpenWork } from "../../../src/adapters/github/open-work.ts";
import { API, AT, recordedAccess, recordedGitHub } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

const NEWEST_FIRST = { state: "open", sort: "updated", direction: "desc", per_page: 100 };
const AT_TEN = "2026-11-21T10:00:00Z";
const openWork = () => githubOpenWork(recordedAccess());
const nextPage = (path: string) => ({ link: `<${API}${path}?page=2>; rel="next"` });

test.each([
  { status: 200, isThere: true },
  { status: 404, isThere: false },
])("a file that GitHub answers with $status is there: $isThere", async ({ status, isThere }) => {
  recordedGitHub().get(`${AT}/contents/.github%2Fincident-to-eval.yml`).reply(status, { type: "file" });
  expect(await openWork().hasFile(".github/incident-to-eval.yml")).toBe(isThere);
});

test("open pull requests come a page at a time, with their heads", async () => {
  const path = `${AT}/pulls`;
  const listed = [
    { number: 30, head: { sha: "abc" }, draft: true, updated_at: AT_TEN },
    { number: 29, head: { sha: "def" }, updated_at: AT_TEN },
  ];
  recordedGitHub()
    .get(path)
    .query({ ...NEWEST_FIRST, page: 1 })
    .reply(200, listed, nextPage(path));
  expect(await openWork().fetchPullRequests(1)).toEqual({
    items: [
      { number: 30, headSha: "abc", draft: true, updatedAt: new Date(AT_TEN) },
      { number: 29, headSha: "def", draft: false, updatedAt: new Date(AT_TEN) },
    ],
    isLast: false,
  });
});

test("open issues with a label come without the pull requests among them", async () => {
  const listed = [
    { number: 12, title: "It refunded", body: "At once.", user: { login: "tom" }, updated_at: AT_TEN },
    { number: 30, user: { login: "wanda" }, updated_at: AT_TEN, pull_request: { url: "" } },
    { number: 7, title: "It lied", body: null, user: null, updated_at: AT_TEN },
  ];
  recordedGitHub()
    .get(`${AT}/issues`)
    .query({ ...NEWEST_FIRST, labels: "incident", page: 2 })
    .reply(200, listed);
  expect(await openWork().fetchIssues("incident", 2)).toEqual({
    items: [
      { number: 12, title: "It refunded", body: "At once.", author: "tom", updatedAt: new Date(AT_TEN) },
      { number: 7, title: "It lied", body: "", author: "ghost", updatedAt: new Date(AT_TEN) },
    ],
    isLast: true,
  });
});

const labeled = (login: string | null, name: string) => ({
  event: "labeled",
  actor: login === null ? null : { login },
  label: { name },
});

test.each([
  {
    what: "several did",
    events: [labeled("tom", "incident"), labeled("wanda", "Incident")],
    labeller: "wanda",
  },
  {
    what: "another label came later",
    events: [labeled("tom", "incident"), labeled("max", "S1")],
    labeller: "tom",
  },
  { what: "their account is gone", events: [labeled(null, "incident")], labeller: "ghost" },
  { what: "nobody did", events: [{ event: "closed", actor: { login: "max" } }], labeller: undefined },
])("the person who labelled an issue, where $what: $labeller", async ({ events, labeller }) => {
  const path = `${AT}/issues/12/events`;
  recordedGitHub().get(path).query({ per_page: 100, page: 1 }).reply(200, [], nextPage(path));
  recordedGitHub().get(path).query({ per_page: 100, page: 2 }).reply(200, events);
  expect(await openWork().fetchLabeller(12, "incident")).toBe(labeller);
});
