import { afterEach, describe, expect, test } from "@jest/globals";
import nock from "nock";
import { githubInstallations } from "../../../src/adapters/github/installations.ts";
import { tokenOctokit } from "../../../src/adapters/github/octokit.ts";
import { RateLimits } from "../../../src/adapters/github/rate-limits.ts";
import { API, AT, listeningLog, recordedGitHub, TOKEN } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

function theInstallations() {
  const log = listeningLog();
  const client = tokenOctokit(TOKEN, { baseUrl: API, log, limits: new RateLimits() });
  return { installations: githubInstallations({ connect: async () => client, log }), said: log.said };
}

const aRepository = (id: number, fullName: string, change: object = {}) => {
  const [login, name] = fullName.split("/");
  return { id, name, owner: { login }, archived: false, disabled: false, ...change };
};

const nextPage = (path: string) => ({ link: `<${API}${path}?per_page=100&page=2>; rel="next"` });
const SOUGHT = { id: 5, owner: "acme", name: "support-agent" };
const HERE = { kind: "here", repository: SOUGHT };

test("installations are listed to the last page, with those that are suspended", async () => {
  const path = "/app/installations";
  const suspended = { id: 78, suspended_at: "2026-11-01T00:00:00Z" };
  recordedGitHub()
    .get(path)
    .query({ per_page: 100, page: 1 })
    .reply(200, [{ id: 77, suspended_at: null }], nextPage(path));
  recordedGitHub()
    .get(path)
    .query({ per_page: 100, page: 2 })
    .reply(200, [suspended, { id: 79 }]);
  expect(await theInstallations().installations.fetchInstallations()).toEqual([
    { id: 77, suspended: false },
    { id: 78, suspended: true },
    { id: 79, suspended: false },
  ]);
});

test("installations that are not listed here are told of once, and are no failure", async () => {
  const { installations, said } = theInstallations();
  recordedGitHub().get("/app/installations").query(true).twice().reply(404, { message: "Not Found" });
  expect(await installations.fetchInstallations()).toEqual([]);
  expect(await installations.fetchInstallations()).toEqual([]);
  expect(said).toHaveLength(1);
});

describe("the repositories of an installation", () => {
  const path = "/installation/repositories";

  test("are listed to the last page, without those that cannot be written to", async () => {
    const archived = aRepository(6, "acme/old", { archived: true });
    const first = { total_count: 4, repositories: [aRepository(5, "acme/support-agent"), archived] };
    const second = {
      total_count: 4,
      repositories: [aRepository(7, "acme/off", { disabled: true }), aRepository(8, "acme/travel")],
    };
    recordedGitHub().get(path).query({ per_page: 100, page: 1 }).reply(200, first, nextPage(path));
    recordedGitHub().get(path).query({ per_page: 100, page: 2 }).reply(200, second);
    expect(await theInstallations().installations.fetchRepositories(77)).toEqual([
      SOUGHT,
      { id: 8, owner: "acme", name: "travel" },
    ]);
  });

  test("that are not listed here are told of once, and are no failure", async () => {
    const { installations, said } = theInstallations();
    recordedGitHub().get(path).query(true).twice().reply(404, { message: "Not Found" });
    expect(await installations.fetchRepositories(77)).toBeUndefined();
    expect(await installations.fetchRepositories(77)).toBeUndefined();
    expect(said).toHaveLength(1);
  });
});

describe("a repository", () => {
  const locate = (sought: { id?: number; owner: string; name: string } = SOUGHT) =>
    theInstallations().installations.locate(77, sought);

  test.each([
    ["where it was", "acme/support-agent"],
    ["under another name of another owner", "zeta/helper"],
  ])("that is %s is found by its id, in one request", async (_where, fullName) => {
    recordedGitHub().get("/repositories/5").reply(200, aRepository(5, fullName));
    const [owner, name] = fullName.split("/");
    expect(await locate()).toEqual({ kind: "here", repository: { id: 5, owner, name } });
  });

  test("is found by its name where nobody is found by an id here", async () => {
    recordedGitHub().get("/repositories/5").reply(404, { message: "Not Found" });
    recordedGitHub().get(AT).reply(200, aRepository(5, "acme/support-agent"));
    expect(await locate()).toEqual(HERE);
  });

  test("that is gone is not taken for another that has its name by now", async () => {
    recordedGitHub().get("/repositories/5").reply(404, { message: "Not Found" });
    recordedGitHub().get(AT).reply(200, aRepository(9, "acme/support-agent"));
    expect(await locate()).toEqual({ kind: "gone" });
  });

  test("whose id is not known is taken for the one that has its name", async () => {
    recordedGitHub().get(AT).reply(200, aRepository(5, "acme/support-agent"));
    expect(await locate({ owner: "acme", name: "support-agent" })).toEqual(HERE);
  });

  test.each([
    { called: "deleted", sought: SOUGHT },
    { called: "deleted, and never known by its id", sought: { owner: "acme", name: "support-agent" } },
  ])("that is $called is gone", async ({ sought }) => {
    recordedGitHub().get(AT).reply(404, { message: "Not Found" });
    recordedGitHub().get("/repositories/5").reply(404, { message: "Not Found" });
    expect(await locate(sought)).toEqual({ kind: "gone" });
  });

  test.each([
    { called: "was removed", status: 404, installation: { message: "Not Found" }, place: { kind: "gone" } },
    {
      called: "is suspended",
      status: 200,
      installation: { id: 77, suspended_at: "2026-11-01T00:00:00Z" },
      place: { kind: "suspended" },
    },
  ])("of an installation that $called is not looked for", async ({ status, installation, place }) => {
    recordedGitHub().get("/repositories/5").reply(403, { message: "This installation has been suspended" });
    recordedGitHub().get("/app/installations/77").reply(status, installation);
    expect(await locate()).toEqual(place);
  });

  test("that may not be read although the installation is in order is a failure, not gone", async () => {
    recordedGitHub().get("/repositories/5").reply(403, { message: "Resource not accessible by integration" });
    recordedGitHub().get("/app/installations/77").reply(200, { id: 77, suspended_at: null });
    await expect(locate()).rejects.toMatchObject({ retryable: false, status: 403 });
  });

  test("that GitHub is too busy to find is looked for later, and is not gone", async () => {
    recordedGitHub()
      .get("/repositories/5")
      .reply(403, { message: "secondary rate limit" }, { "retry-after": "30" });
    await expect(locate()).rejects.toMatchObject({ retryable: true, retryAfterMs: 30_000 });
  });
});
