import { beforeEach, describe, expect, test } from "@jest/globals";
import { Probot } from "probot";
import { isHeard, listenToEvents } from "../../src/app/webhooks.ts";
import { ExternalFailure } from "../../src/ports/external-failure.ts";
import { A_WEBHOOK_SECRET, aPrivateKey } from "../build/keys.ts";
import { aReadableLog } from "../build/log.ts";

const APP_ID = 1234;
const AT_TEN = "2026-11-21T10:00:00Z";
const repository = { id: 9, name: "refunds", owner: { login: "acme" } };
const common = { installation: { id: 77 }, repository, sender: { login: "mara", type: "User" } };
const place = { installationId: 77, owner: "acme", repo: "refunds", repositoryId: 9, delivery: "d1" };
const byHead = new Map<string, number[]>();
const failures: Error[] = [];
const closed: string[] = [];
const probot = new Probot({
  appId: APP_ID,
  privateKey: aPrivateKey(),
  secret: A_WEBHOOK_SECRET,
  log: aReadableLog().log,
});
const hear = listenToEvents(probot, {
  appId: APP_ID,
  apiUrl: "https://github.acme.test/api/v3",
  onDraftClosed: (outcome) => closed.push(outcome),
  async searchPullRequests(repo, headSha) {
    for (const failure of failures) throw failure;
    return byHead.get(`${repo}@${headSha}`) ?? [];
  },
});

beforeEach(() => {
  failures.length = 0;
  closed.length = 0;
  byHead.clear();
});

function hearing(event: string, payload: object) {
  return hear({
    id: "d1",
    event,
    payload: JSON.stringify({ ...common, ...payload }),
    receivedAt: new Date(0),
    attempt: 1,
  });
}

/** What the event asks for, the pull requests that it touches first. */
async function jobsAfter(event: string, payload: object): Promise<unknown[]> {
  const { touched, jobs } = await hearing(event, payload);
  return [...touched.map(({ repo, number }) => `touched ${repo}#${number}`), ...jobs];
}

const labels = [{ name: "incident" }];

describe("an issue", () => {
  test.each(["opened", "labeled", "edited", "reopened"])("that is %s is looked at", async (action) => {
    const issue = { number: 12, labels, updated_at: AT_TEN };
    const cause = { kind: action, updatedAt: AT_TEN };
    expect(await jobsAfter("issues", { action, issue })).toEqual([
      "touched acme/refunds#12",
      { kind: "draft-fixtures", ...place, issue: 12, actor: "mara", cause },
    ]);
  });

  test.each([
    ["has no label", "opened", { issue: { number: 12, labels: [] } }],
    ["lists no labels at all", "opened", { issue: { number: 12 } }],
    [
      "is edited by a bot",
      "edited",
      { issue: { number: 12, labels }, sender: { login: "x[bot]", type: "Bot" } },
    ],
    ["is pinned", "pinned", { issue: { number: 12, labels } }],
  ])("that %s is left alone", async (_what, action, payload) => {
    expect(await jobsAfter("issues", { action, ...payload })).toEqual([]);
  });

  test.each(["closed", "unlabeled", "deleted", "transferred"])(
    "that is %s stops what is being drafted from it, and asks for nothing",
    async (action) => {
      const issue = { number: 12, labels: [], updated_at: AT_TEN };
      expect(await jobsAfter("issues", { action, issue })).toEqual(["touched acme/refunds#12"]);
    },
  );

  test("tells when it was updated, and who changed its text", async () => {
    const issue = { number: 12, labels, updated_at: AT_TEN };
    const told = async (action: string) => (await hearing("issues", { action, issue })).touched;
    const toldAt = new Date(AT_TEN);
    const touched = { repo: "acme/refunds", number: 12, toldAt };
    expect(await told("edited")).toEqual([{ ...touched, editedBy: "mara" }]);
    expect(await told("labeled")).toEqual([touched]);
  });

  test("that a bot opens is looked at: its rights decide later", async () => {
    const payload = {
      action: "opened",
      issue: { number: 12, labels },
      sender: { login: "pager[bot]", type: "Bot" },
    };
    expect((await hearing("issues", payload)).jobs).toHaveLength(1);
  });
});

describe("a comment", () => {
  const comment = { id: 2_900_000_001, user: { login: "lee", type: "User" }, body: "" };
  const created = { action: "created", issue: { number: 12 }, comment };

  test("with a command on an issue is a request to draft", async () => {
    const body = "/incident-to-eval draft\r\nthanks!";
    expect(await jobsAfter("issue_comment", { ...created, comment: { ...comment, body } })).toEqual([
      {
        kind: "draft-fixtures",
        ...place,
        issue: 12,
        actor: "lee",
        cause: { kind: "command", commentId: 2_900_000_001, actor: "lee", line: "/incident-to-eval draft" },
      },
    ]);
  });

  test("with a command on a pull request is a request to the gate", async () => {
    const payload = {
      ...created,
      issue: { number: 30, pull_request: { url: "x" } },
      comment: { ...comment, body: "/incident-to-eval run" },
    };
    expect(await jobsAfter("issue_comment", payload)).toEqual([
      {
        kind: "gate-pull-request",
        ...place,
        pullRequest: 30,
        cause: { kind: "command", commentId: 2_900_000_001, actor: "lee", line: "/incident-to-eval run" },
      },
    ]);
  });

  test("carries when it was written, as GitHub says it", async () => {
    const told = { ...comment, body: "/incident-to-eval run", created_at: "2026-11-21T10:00:00Z" };
    expect(await jobsAfter("issue_comment", { ...created, comment: told })).toEqual([
      expect.objectContaining({ cause: expect.objectContaining({ writtenAt: "2026-11-21T10:00:00Z" }) }),
    ]);
  });

  test("carries no more of its line than a job holds, and no control character", async () => {
    const body = `/incident-to-eval override \u0000${"x".repeat(10_000)}`;
    expect(await jobsAfter("issue_comment", { ...created, comment: { ...comment, body } })).toEqual([
      expect.objectContaining({
        cause: expect.objectContaining({
          line: expect.stringMatching(/^\/incident-to-eval override +x{400,}$/),
        }),
      }),
    ]);
  });

  test.each([
    ["without a command", { body: "I see" }],
    ["with the command on a later line", { body: "hi\n/incident-to-eval run" }],
    ["with a word that only begins like the command", { body: "/incident-to-evaluate run" }],
    ["without text", { body: null }],
    ["of a bot", { body: "/incident-to-eval run", user: { login: "x[bot]", type: "Bot" } }],
  ])("%s is left alone", async (_what, change) => {
    expect(await jobsAfter("issue_comment", { ...created, comment: { ...comment, ...change } })).toEqual([]);
  });
});

describe("a review", () => {
  const pull_request = { number: 30, updated_at: AT_TEN };

  test.each([
    { action: "submitted", state: "approved", dismissed: false },
    { action: "submitted", state: "changes_requested", dismissed: false },
    { action: "dismissed", state: "dismissed", dismissed: true },
  ])("that is $action as $state is heard, and disturbs no run", async ({ action, state, dismissed }) => {
    const review = { id: 2_900_000_002, state };
    expect(await jobsAfter("pull_request_review", { action, review, pull_request })).toEqual([
      {
        kind: "gate-pull-request",
        ...place,
        pullRequest: 30,
        cause: { kind: "reviewed", review: 2_900_000_002, dismissed, updatedAt: AT_TEN },
      },
    ]);
  });

  test.each([
    ["submitted", "commented"],
    ["edited", "approved"],
  ])("that is %s as %s changes nothing", async (action, state) => {
    const payload = { action, review: { id: 1, state }, pull_request };
    expect(await jobsAfter("pull_request_review", payload)).toEqual([]);
  });
});

describe("a pull request", () => {
  test.each(["opened", "synchronize", "reopened", "ready_for_review", "closed"])(
    "that is %s touches its gate and is gated",
    async (action) => {
      const pull_request = { number: 30, updated_at: AT_TEN };
      const cause = { kind: action, updatedAt: AT_TEN };
      expect(await jobsAfter("pull_request", { action, pull_request })).toEqual([
        "touched acme/refunds#30",
        { kind: "gate-pull-request", ...place, pullRequest: 30, cause },
      ]);
    },
  );

  test.each([
    { ref: "incident-to-eval/issue-12", id: 9, merged: true, told: ["merged"] },
    { ref: "incident-to-eval/issue-12", id: 9, merged: false, told: ["rejected"] },
    { ref: "incident-to-eval/issue-12", id: 10, merged: false, told: [] },
    { ref: "kinder", id: 9, merged: true, told: [] },
  ])("from $ref of the repository $id that is closed is a draft's end: $told", async (row) => {
    const pull_request = { number: 30, merged: row.merged, head: { ref: row.ref, repo: { id: row.id } } };
    await jobsAfter("pull_request", { action: "closed", pull_request });
    expect(closed).toEqual(row.told);
  });

  test("that gets another base is gated again", async () => {
    const payload = {
      action: "edited",
      pull_request: { number: 30 },
      changes: { base: { ref: { from: "main" } } },
    };
    expect(await jobsAfter("pull_request", payload)).toContainEqual(
      expect.objectContaining({ pullRequest: 30, cause: { kind: "retargeted" } }),
    );
  });

  test("that gets another title is left alone", async () => {
    const payload = { action: "edited", pull_request: { number: 30 }, changes: { title: { from: "x" } } };
    expect(await jobsAfter("pull_request", payload)).toEqual([]);
  });
});

describe("a check", () => {
  const check = {
    name: "incident-to-eval / blocking",
    head_sha: "abc",
    app: { id: APP_ID },
    pull_requests: [{ number: 30 }],
  };
  const rerun = {
    kind: "gate-pull-request",
    ...place,
    pullRequest: 30,
    cause: { kind: "rerun", actor: "mara", headSha: "abc" },
  };

  test("that is asked for again is run again", async () => {
    expect(await jobsAfter("check_run", { action: "rerequested", check_run: check })).toEqual([
      "touched acme/refunds#30",
      rerun,
    ]);
  });

  test("of a fork, which names no pull request, is found by its commit", async () => {
    byHead.set("acme/refunds@abc", [30, 31]);
    const payload = { action: "rerequested", check_run: { ...check, app: null, pull_requests: [] } };
    expect(await jobsAfter("check_run", payload)).toEqual([
      "touched acme/refunds#30",
      "touched acme/refunds#31",
      rerun,
      { ...rerun, pullRequest: 31 },
    ]);
  });

  test("does not run pull requests into other repositories of the network", async () => {
    const pull_requests = [
      { number: 5, base: { repo: { id: 1 } } },
      { number: 30, base: { repo: { id: 9 } } },
    ];
    const payload = { action: "rerequested", check_run: { ...check, pull_requests } };
    expect(await jobsAfter("check_run", payload)).toEqual(["touched acme/refunds#30", rerun]);
  });

  test("whose button is pressed says who, which and for which commit", async () => {
    const payload = {
      action: "requested_action",
      check_run: check,
      requested_action: { identifier: "override" },
    };
    expect(await jobsAfter("check_run", payload)).toContainEqual({
      ...rerun,
      cause: { kind: "action", actor: "mara", action: "override", headSha: "abc" },
    });
  });

  test("whose whole suite is asked for again is run again", async () => {
    const payload = {
      action: "rerequested",
      check_suite: { head_sha: "abc", app: { id: APP_ID }, pull_requests: [{ number: 30 }] },
    };
    expect(await jobsAfter("check_suite", payload)).toEqual(["touched acme/refunds#30", rerun]);
  });

  test.each([
    ["check_run", { action: "rerequested", check_run: { ...check, app: { id: 5 } } }],
    ["check_run", { action: "rerequested", check_run: { ...check, app: null, name: "ci / build" } }],
    ["check_run", { action: "completed", check_run: check }],
    ["check_suite", { action: "rerequested", check_suite: { ...check, app: { id: 5 } } }],
  ])("that is not ours to run is left alone (%s)", async (name, payload) => {
    expect(await jobsAfter(name, payload)).toEqual([]);
  });
});

describe("a repository", () => {
  const owner = (from: object) => ({ owner: { from } });

  test.each([
    {
      what: "is renamed",
      action: "renamed",
      changes: { repository: { name: { from: "old" } } },
      formerName: "acme/old",
    },
    {
      what: "goes to another organisation",
      action: "transferred",
      changes: owner({ organization: { login: "zeta" } }),
      formerName: "zeta/refunds",
    },
    {
      what: "goes from a person to an organisation",
      action: "transferred",
      changes: owner({ user: { login: "mara" }, organization: null }),
      formerName: "mara/refunds",
    },
  ])("that $what takes along what is kept of it", async ({ action, changes, formerName }) => {
    expect(await jobsAfter("repository", { action, changes })).toEqual([
      { kind: "move-repository", ...place, formerName },
    ]);
  });

  test("that is deleted asks for nothing", async () => {
    expect(await jobsAfter("repository", { action: "deleted" })).toEqual([]);
  });
});

test.each([
  { event: "installation", action: "created", isSwept: true },
  { event: "installation", action: "unsuspend", isSwept: true },
  { event: "installation", action: "new_permissions_accepted", isSwept: true },
  { event: "installation", action: "suspend", isSwept: false },
  { event: "installation", action: "deleted", isSwept: false },
  { event: "installation_repositories", action: "added", isSwept: true },
  { event: "installation_repositories", action: "removed", isSwept: false },
])("$event.$action has the installation swept: $isSwept", async ({ event, action, isSwept }) => {
  const sweep = { kind: "sweep-installations", installationId: 77 };
  const asked = await jobsAfter(event, { action, repository: undefined });
  const offer = expect.objectContaining({ kind: "offer-setups" });
  const given = action === "created" || action === "added" ? [offer] : [];
  expect(asked).toEqual(isSwept ? [sweep, ...given] : []);
});

test.each([
  { event: "installation", action: "created", added: undefined, repositoryIds: undefined },
  {
    event: "installation_repositories",
    action: "added",
    added: [{ id: 5 }, { id: 6 }],
    repositoryIds: [5, 6],
  },
])(
  "$event.$action has what was given considered for a setup",
  async ({ event, action, added, repositoryIds }) => {
    const asked = await jobsAfter(event, { action, repository: undefined, repositories_added: added });
    expect(asked).toContainEqual({ kind: "offer-setups", installationId: 77, repositoryIds });
  },
);

test.each([
  { action: "closed", ref: "incident-to-eval/setup", from: 100, isNoted: true },
  { action: "reopened", ref: "incident-to-eval/setup", from: 100, isNoted: true },
  { action: "synchronize", ref: "incident-to-eval/setup", from: 100, isNoted: false },
  { action: "closed", ref: "incident-to-eval/setup", from: 101, isNoted: false },
  { action: "closed", ref: "feature", from: 100, isNoted: false },
])(
  "$action of $ref from repository $from tells of a setup: $isNoted",
  async ({ action, ref, from, isNoted }) => {
    const asked = await jobsAfter("pull_request", {
      action,
      repository: { id: 100, name: "support-agent", owner: { login: "acme" } },
      pull_request: { number: 9, head: { ref, repo: { id: from } } },
    });
    const noted = expect.arrayContaining([expect.objectContaining({ kind: "propose-setup" })]);
    expect(asked).toEqual(
      isNoted ? noted : expect.not.arrayContaining([expect.objectContaining({ kind: "propose-setup" })]),
    );
  },
);

test.each([
  ["issues", "opened", true],
  ["issues", "closed", true],
  ["issues", "pinned", false],
  ["issues", undefined, false],
  ["star", "created", false],
])("%s.%s is listened to: %s", (event, action, heard) => {
  expect(isHeard(event, action)).toBe(heard);
});

test("a payload that does not fit is refused with the places and without the content", async () => {
  const payload = { action: "opened", issue: { number: "many", labels, body: "private" } };
  await expect(jobsAfter("issues", payload)).rejects.toThrow(
    "reading the payload of issues: expected other values at issue.number",
  );
});

test("a payload that is no JSON is refused without its text", async () => {
  const delivery = { id: "d1", event: "issues", payload: "{private", receivedAt: new Date(0), attempt: 1 };
  await expect(hear(delivery)).rejects.toThrow(/^reading the payload of issues: expected JSON$/);
});

test("the outside's failure comes through as it is", async () => {
  const down = new ExternalFailure("the database is down", { system: "database", retryable: true });
  failures.push(down);
  const check_run = { name: "incident-to-eval / blocking", head_sha: "abc" };
  await expect(hearing("check_run", { action: "rerequested", check_run })).rejects.toBe(down);
});

test.each([
  ["an event that nobody listens to", "push", { ref: "refs/heads/main" }],
  ["an action that nobody listens to", "issues", { action: "pinned", issue: { number: 12, labels } }],
  ["an event without an action", "issues", {}],
])("%s is taken politely", async (_what, event, payload) => {
  expect(await jobsAfter(event, payload)).toEqual([]);
});

test("names that mean something to JavaScript and deep nesting are text like any other", async () => {
  const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  const payload = JSON.stringify({ ...common, action: "opened", issue: { number: 12, labels } }).replace(
    "{",
    `{"__proto__":{"action":"deleted"},"constructor":{"prototype":{"labels":[]}},"deep":${deep},`,
  );
  const { jobs } = await hear({ id: "d1", event: "issues", payload, receivedAt: new Date(0), attempt: 1 });
  expect(jobs).toEqual([expect.objectContaining({ issue: 12, actor: "mara" })]);
  expect(({} as { action?: unknown }).action).toBeUndefined();
});
