import { afterEach, expect, test } from "@jest/globals";
import nock from "nock";
import { GITHUB_LAG_MS } from "../../../src/adapters/github/create-once.ts";
import { memoryCreations } from "../../../src/adapters/github/memory-creations.ts";
import { githubProposals } from "../../../src/adapters/github/proposals.ts";
import { aProposal } from "../../build/proposals.ts";
import { AT, BOT, listeningLog, recordedAccess, recordedGitHub } from "../../build/recorded-github.ts";

afterEach(() => nock.cleanAll());

const BASE = "b".repeat(40);
const TIP = "c".repeat(40);
const NEW = "d".repeat(40);
const proposal = aProposal({ branch: "main", sha: BASE });
const TRAILER = "Proposed-by: incident-to-eval";

function aPull(change: object = {}) {
  return {
    number: 12,
    html_url: "https://github.test/acme/support-agent/pull/12",
    state: "open",
    merged_at: null,
    body: "An older text",
    user: { login: BOT },
    head: { ref: proposal.branch, sha: TIP, repo: { full_name: "Acme/support-agent" } },
    requested_reviewers: [],
    requested_teams: [],
    ...change,
  };
}

function answerPulls(pulls: readonly object[], times = 1) {
  recordedGitHub()
    .get(`${AT}/pulls`)
    .query((query) => query.head === `acme:${proposal.branch}` && query.state === "all")
    .times(times)
    .reply(200, pulls);
}

function answerBranch(sha: string | undefined, times = 1) {
  const read = recordedGitHub().get(`${AT}/git/ref/heads%2Fincident-to-eval%2Fissue-7`).times(times);
  if (sha === undefined) read.reply(404, { message: "Not Found" });
  else read.reply(200, { ref: `refs/heads/${proposal.branch}`, object: { sha, type: "commit" } });
}

function answerTip(commit: { author?: string | null; committer?: string | null; message?: string }) {
  const { author = BOT, committer = "web-flow", message = `Add the eval\n\n${TRAILER}\n` } = commit;
  const user = (login: string | null) => (login === null ? null : { login });
  recordedGitHub()
    .get(`${AT}/commits/${TIP}`)
    .query(true)
    .reply(200, {
      sha: TIP,
      commit: { message, tree: { sha: "tree-of-tip" } },
      author: user(author),
      committer: user(committer),
      parents: [{ sha: BASE }],
    });
}

function answerBase(times = 1) {
  recordedGitHub()
    .get(`${AT}/git/commits/${BASE}`)
    .times(times)
    .reply(200, { sha: BASE, tree: { sha: "tree-of-base" }, parents: [] });
}

function answerFolder(...entries: readonly object[]) {
  recordedGitHub().get(`${AT}/git/trees/tree-of-base`).reply(200, { tree: entries, truncated: false });
}

function answerTree(sha: string) {
  recordedGitHub()
    .post(`${AT}/git/trees`, (sent) => sent.base_tree === "tree-of-base" && sent.tree[0].mode === "100644")
    .reply(201, { sha, tree: [], truncated: false });
}

function answerCommit() {
  recordedGitHub()
    .post(
      `${AT}/git/commits`,
      (sent) =>
        sent.message.endsWith(`\n\n${TRAILER}\n`) &&
        sent.author === undefined &&
        sent.committer === undefined,
    )
    .reply(201, { sha: NEW, tree: { sha: "tree-new" }, parents: [{ sha: BASE }] });
}

function answerWriting() {
  answerBase();
  answerFolder();
  answerTree("tree-new");
  answerCommit();
}

function open(lastWritten?: string) {
  return githubProposals(recordedAccess()).openProposal(proposal, lastWritten);
}

test.each([
  { called: "a commit of a person", tip: { author: "wanda" } },
  { called: "our commit, amended by a person", tip: { committer: "wanda" } },
  { called: "a commit under our name without our mark", tip: { message: "Tidy up" } },
  { called: "a commit whose author nobody knows", tip: { author: null, committer: null } },
])("$called is not overwritten", async ({ tip }) => {
  answerPulls([aPull()]);
  answerBranch(TIP);
  answerTip(tip);
  expect(await open()).toEqual({
    kind: "edited_by_people",
    pullRequest: 12,
    url: "https://github.test/acme/support-agent/pull/12",
    commit: TIP,
  });
});

test("our own older commit is replaced, and the pull request retold", async () => {
  answerPulls([aPull()]);
  answerBranch(TIP);
  answerTip({});
  answerBase(2);
  answerTree("tree-new");
  answerFolder();
  answerTree("tree-new");
  answerCommit();
  answerBranch(TIP);
  recordedGitHub()
    .patch(`${AT}/git/refs/heads%2Fincident-to-eval%2Fissue-7`, { sha: NEW, force: true })
    .reply(200, { object: { sha: NEW } })
    .patch(`${AT}/pulls/12`, (sent) => sent.title === proposal.title && sent.body.startsWith(proposal.body))
    .reply(200, aPull());
  expect(await open()).toMatchObject({ kind: "updated", pullRequest: 12, commit: NEW });
  expect(nock.pendingMocks()).toEqual([]);
});

test("a push that comes in between is not overwritten: all is read again", async () => {
  answerPulls([aPull()]);
  answerBranch(TIP);
  answerTip({});
  answerBase(2);
  answerTree("tree-new");
  answerFolder();
  answerTree("tree-new");
  answerCommit();
  answerBranch("e".repeat(40));
  await expect(open()).rejects.toMatchObject({
    retryable: true,
    message: expect.stringContaining("meanwhile"),
  });
});

test("what we are told to have written last is ours, whoever GitHub says it is from", async () => {
  answerPulls([aPull()]);
  answerBranch(TIP);
  answerTip({ author: null, committer: null });
  answerBase();
  answerTree("tree-of-tip");
  recordedGitHub().patch(`${AT}/pulls/12`).reply(200, aPull());
  expect(await open(TIP)).toMatchObject({ kind: "updated", commit: TIP });
});

test("a branch that another worker has just made is read again", async () => {
  answerPulls([], 2);
  answerBranch(undefined, 2);
  answerWriting();
  recordedGitHub().post(`${AT}/git/refs`).reply(422, { message: "Reference already exists" });
  answerBranch(TIP);
  await expect(open()).rejects.toMatchObject({ retryable: true });
});

const EXISTS = { message: "Validation Failed", errors: [{ message: "A pull request already exists" }] };

function answerExists() {
  answerPulls([], 2);
  answerBranch(undefined, 2);
  answerWriting();
  recordedGitHub()
    .post(`${AT}/git/refs`, { ref: `refs/heads/${proposal.branch}`, sha: NEW })
    .reply(201, {})
    .post(`${AT}/pulls`)
    .reply(422, EXISTS);
}

test("a pull request that the list did not show is found, told anew and not opened twice", async () => {
  answerExists();
  answerPulls([aPull()]);
  recordedGitHub().patch(`${AT}/pulls/12`).reply(200, aPull());
  expect(await open()).toMatchObject({ kind: "updated", pullRequest: 12, commit: NEW });
});

test("a pull request that is there and that the list does not show yet is looked for later", async () => {
  answerExists();
  answerPulls([]);
  await expect(open()).rejects.toMatchObject({ retryable: true, retryAfterMs: GITHUB_LAG_MS });
});

test("a branch that GitHub does not see yet is tried once more; what it refuses then is refused", async () => {
  const invalid = { message: "Validation Failed", errors: [{ field: "head", code: "invalid" }] };
  const creations = memoryCreations();
  const propose = () => githubProposals(recordedAccess({ creations })).openProposal(proposal, undefined);
  answerPulls([], 4);
  answerBranch(undefined, 2);
  answerWriting();
  recordedGitHub().post(`${AT}/git/refs`).reply(201, {}).post(`${AT}/pulls`).twice().reply(422, invalid);
  await expect(propose()).rejects.toMatchObject({ retryable: true, retryAfterMs: GITHUB_LAG_MS });
  answerBranch(TIP);
  answerTip({});
  answerBase();
  answerTree("tree-of-tip");
  await expect(propose()).rejects.toMatchObject({ retryable: false, status: 422 });
});

test("a pull request that a person opened from our branch after ours was closed is the one that counts", async () => {
  const creations = memoryCreations();
  await creations.noteCreated(`acme/support-agent pull request ${proposal.branch}`, "11");
  recordedGitHub()
    .get(`${AT}/pulls/11`)
    .reply(200, aPull({ number: 11, state: "closed" }));
  answerPulls([aPull({ user: { login: "wanda" } }), aPull({ number: 11, state: "closed" })]);
  answerBranch(TIP);
  answerTip({});
  answerBase();
  answerTree("tree-of-tip");
  recordedGitHub().patch(`${AT}/pulls/12`).reply(200, aPull());
  const proposals = githubProposals(recordedAccess({ creations }));
  expect(await proposals.openProposal(proposal, undefined)).toMatchObject({
    kind: "updated",
    pullRequest: 12,
  });
});

test("a pull request that bears the number of ours in another repository of the same name is not ours", async () => {
  const creations = memoryCreations(() => 0);
  await creations.noteCreated(`acme/support-agent pull request ${proposal.branch}`, "12");
  recordedGitHub()
    .get(`${AT}/pulls/12`)
    .reply(200, aPull({ head: { ref: "feature", repo: null } }));
  await expect(
    githubProposals(recordedAccess({ creations })).openProposal(proposal, undefined),
  ).rejects.toMatchObject({ retryable: true, retryAfterMs: 3 * GITHUB_LAG_MS });
});

test("a review that a crash left unasked is asked for by the next attempt, and not again after that", async () => {
  const creations = memoryCreations();
  const asking = { ...proposal, reviewers: ["wanda"] };
  const request = `${AT}/pulls/12/requested_reviewers`;
  const answerReview = () =>
    recordedGitHub()
      .post(request, { reviewers: ["wanda"] })
      .reply(201, aPull());
  answerReview();
  answerReview();
  for (let attempt = 0; attempt < 2; attempt += 1) {
    answerPulls([aPull()]);
    recordedGitHub().get(`${AT}/pulls/12`).reply(200, aPull());
    answerBranch(TIP);
    answerTip({});
    answerBase();
    answerTree("tree-of-tip");
    recordedGitHub().patch(`${AT}/pulls/12`).reply(200, aPull());
    await githubProposals(recordedAccess({ creations })).openProposal(asking, undefined);
  }
  expect(nock.pendingMocks().filter((pending) => pending.includes(request))).toHaveLength(1);
});

test("a gateway that loses the answer to a creation fails the attempt, and the next one finds what was created", async () => {
  answerPulls([], 2);
  answerBranch(undefined, 2);
  answerWriting();
  recordedGitHub().post(`${AT}/git/refs`).reply(201, {}).post(`${AT}/pulls`).reply(502, {});
  await expect(open()).rejects.toMatchObject({ retryable: true, status: 502 });

  answerPulls([aPull()]);
  answerBranch(TIP);
  answerTip({});
  answerBase();
  answerTree("tree-of-tip");
  recordedGitHub().patch(`${AT}/pulls/12`).reply(200, aPull());
  expect(await open()).toMatchObject({ kind: "updated", pullRequest: 12 });
});

test.each([
  {
    called: "the same branch of a fork",
    pull: { head: { ref: proposal.branch, repo: { full_name: "acme/fork" } } },
  },
  { called: "a fork that was deleted", pull: { head: { ref: proposal.branch, repo: null } } },
  { called: "another branch", pull: { head: { ref: "other", repo: { full_name: "acme/support-agent" } } } },
])("a pull request from $called is not taken for ours", async ({ pull }) => {
  answerPulls([aPull({ ...pull, state: "closed" })], 2);
  answerBranch(undefined, 2);
  answerWriting();
  recordedGitHub()
    .post(`${AT}/git/refs`)
    .reply(201, {})
    .post(`${AT}/pulls`)
    .reply(201, aPull({ number: 13 }));
  expect(await open()).toMatchObject({ kind: "opened", pullRequest: 13 });
});

test("a refused reviewer is said in the log and stops nothing", async () => {
  answerPulls([], 2);
  answerBranch(undefined, 2);
  answerWriting();
  recordedGitHub()
    .post(`${AT}/git/refs`)
    .reply(201, {})
    .post(`${AT}/pulls`)
    .reply(201, aPull())
    .post(`${AT}/pulls/12/requested_reviewers`, { team_reviewers: ["agent-quality"] })
    .reply(422, { message: "Reviews may only be requested from collaborators." })
    .post(`${AT}/pulls/12/requested_reviewers`, { reviewers: ["wanda"] })
    .reply(201, aPull());
  const log = listeningLog();
  const asking = { ...proposal, reviewers: ["acme/agent-quality", "wanda", BOT] };
  const opened = await githubProposals(recordedAccess({ log })).openProposal(asking, undefined);
  expect(opened.kind).toBe("opened");
  expect(log.said).toEqual([
    "GitHub could not ask acme/agent-quality to review 12 (status 422, request D5F2:3A1B:1C): it does not take what we sent; the pull request stands without this reviewer",
  ]);
  expect(nock.pendingMocks()).toEqual([]);
});

test.each([
  { got: "a symbolic link", entry: { mode: "120000", type: "blob" } },
  { got: "a submodule", entry: { mode: "160000", type: "commit" } },
  { got: "a file", entry: { mode: "100644", type: "blob" } },
])("$got where a folder should be is never written through", async ({ got, entry }) => {
  answerPulls([]);
  answerBranch(undefined);
  answerBase();
  answerFolder({ path: "evals", sha: "e1", ...entry });
  await expect(open()).rejects.toMatchObject({
    retryable: false,
    message: expect.stringContaining(`expected a folder at evals, got ${got}`),
  });
});

test.each(["../x.yml", "/etc/passwd", "evals//x.yml", ".git/config", "evals\\x.yml"])(
  "the path %j is our fault and throws",
  async (path) => {
    answerPulls([]);
    answerBranch(undefined);
    answerBase();
    answerFolder();
    const wrong = { ...proposal, files: [{ path, content: "" }] };
    await expect(githubProposals(recordedAccess()).openProposal(wrong, undefined)).rejects.toThrow(
      "relative and plain",
    );
  },
);

test("a proposal onto its own base is our fault and throws", async () => {
  const wrong = { ...proposal, branch: "main" };
  await expect(githubProposals(recordedAccess()).openProposal(wrong, undefined)).rejects.toThrow(
    "branch of its own",
  );
});
