import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import { githubPeople } from "../../../src/adapters/github/people.ts";
import type { Role } from "../../../src/core/config/party.ts";
import { AT, listeningLog, recordedAccess, recordedGitHub } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

const TEAM = { org: "acme", slug: "release-authority" };
const MEMBERSHIP = "/orgs/acme/teams/release-authority/memberships/wanda";

test.each<{ said: object; role: Role }>([
  { said: { permission: "write", role_name: "maintain" }, role: "maintain" },
  { said: { permission: "read", role_name: "triage" }, role: "triage" },
  { said: { permission: "admin", role_name: "admin" }, role: "admin" },
  { said: { permission: "write", role_name: "release-captain" }, role: "write" },
  { said: { permission: "push" }, role: "write" },
  { said: { permission: "pull" }, role: "read" },
  { said: { permission: "none", role_name: "" }, role: "none" },
  { said: { permission: "owner-of-everything", role_name: "constructor" }, role: "none" },
])("$said is the role $role", async ({ said, role }) => {
  recordedGitHub().get(`${AT}/collaborators/wanda/permission`).reply(200, said);
  expect(await githubPeople(recordedAccess()).fetchRole("wanda")).toBe(role);
});

test("a limit while a role is read is a failure, never the role none", async () => {
  recordedGitHub()
    .get(`${AT}/collaborators/wanda/permission`)
    .reply(403, { message: "You have exceeded a secondary rate limit." }, { "retry-after": "30" });
  await expect(githubPeople(recordedAccess()).fetchRole("wanda")).rejects.toMatchObject({
    retryable: true,
    retryAfterMs: 30_000,
  });
});

test("a person is asked for once in a minute, in whatever letters", async () => {
  let nowMs = 0;
  const answer = (role: string) =>
    recordedGitHub().get(`${AT}/collaborators/wanda/permission`).reply(200, { role_name: role });
  const people = githubPeople(recordedAccess(), () => nowMs);
  answer("write");
  expect(await people.fetchRole("wanda")).toBe("write");
  nowMs = 59_999;
  expect(await people.fetchRole("Wanda")).toBe("write");
  nowMs = 60_000;
  answer("read");
  expect(await people.fetchRole("wanda")).toBe("read");
});

test.each([
  { said: "an active member", status: 200, body: { state: "active" }, membership: "member" },
  {
    said: "somebody who was only invited",
    status: 200,
    body: { state: "pending" },
    membership: "not_member",
  },
  { said: "a stranger to the team", status: 404, body: { message: "Not Found" }, membership: "not_member" },
])("$said: $membership", async ({ status, body, membership }) => {
  recordedGitHub().get(MEMBERSHIP).reply(status, body);
  expect(await githubPeople(recordedAccess()).fetchMembership(TEAM, "wanda")).toBe(membership);
});

test("a team that the App may not read makes nobody a member, and the log says what is missing", async () => {
  recordedGitHub().get(MEMBERSHIP).reply(403, { message: "Resource not accessible by integration" });
  const log = listeningLog();
  expect(await githubPeople(recordedAccess({ log })).fetchMembership(TEAM, "wanda")).toBe("unreadable");
  expect(log.said).toEqual([expect.stringContaining("members: read")]);
});

test("a team that cannot be read for now is a failure, and is asked for again", async () => {
  recordedGitHub().get(MEMBERSHIP).times(3).reply(502, { message: "Bad gateway" });
  const people = githubPeople(recordedAccess());
  await expect(people.fetchMembership(TEAM, "wanda")).rejects.toMatchObject({ retryable: true });
  recordedGitHub().get(MEMBERSHIP).reply(200, { state: "active" });
  expect(await people.fetchMembership(TEAM, "wanda")).toBe("member");
});
