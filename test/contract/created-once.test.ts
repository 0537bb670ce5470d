import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { Octokit } from "@octokit/rest";
import pino from "pino";
import { type GithubEmulator, startGithubEmulator } from "../../src/adapters/emulator/github-emulator.ts";
import { createGitHubApp } from "../../src/adapters/github/github-app.ts";
import { memoryBlobs } from "../../src/adapters/github/memory-blobs.ts";
import { memoryCreations } from "../../src/adapters/github/memory-creations.ts";
import { ExternalFailure } from "../../src/ports/external-failure.ts";
import type { GitHub } from "../../src/ports/github.ts";
import { type LosingProxy, startLosingProxy } from "../build/losing-proxy.ts";
import { aCheckRun, aProposal } from "../build/proposals.ts";

const PLACE = { owner: "acme", repo: "support-agent" };
const ATTEMPTS_MAX = 8;
const SECRET = "a-secret-of-at-least-thirty-two-characters";

let emulator: GithubEmulator;
let proxy: LosingProxy;
let olga: Octokit;
let main: { readonly branch: string; readonly sha: string };
let nowMs = Date.parse("2026-11-21T10:00:00Z");
/** What outlives a restart. */
const creations = memoryCreations(() => nowMs);

beforeAll(async () => {
  emulator = await startGithubEmulator({
    app: { id: 4_711, slug: "incident-to-eval", name: "incident-to-eval", webhookSecret: SECRET },
    repository: { owner: PLACE.owner, name: PLACE.repo },
    users: [{ login: "olga", token: "olga-token", role: "admin" }],
  });
  proxy = await startLosingProxy(emulator.url);
  olga = new Octokit({ baseUrl: emulator.url, auth: "olga-token" });
  const content = Buffer.from("# Support agent\n").toString("base64");
  const made = await olga.rest.repos.createOrUpdateFileContents({
    ...PLACE,
    path: "README.md",
    message: "Begin",
    content,
  });
  main = { branch: "main", sha: made.data.commit.sha ?? "" };
});
afterAll(async () => {
  await proxy.close();
  await emulator.close();
});
beforeEach(() => proxy.moveOn());

/** The App as it is after a start: it knows what the store knows, and nothing else. */
async function started(): Promise<GitHub> {
  const app = createGitHubApp({
    appId: emulator.appId,
    privateKey: emulator.privateKey,
    secret: SECRET,
    baseUrl: proxy.url,
    log: pino({ level: "silent" }),
    blobs: memoryBlobs(),
    creations,
  });
  return app.connect(emulator.installationId, PLACE.owner, PLACE.repo);
}

async function fileIssue(): Promise<number> {
  const { data } = await olga.rest.issues.create({ ...PLACE, title: "It refunded", body: "" });
  return data.number;
}

/** Tries after each restart, and not before the time that a failure asks for, when reads show what was written. */
async function bringToItsEnd(work: (github: GitHub) => Promise<unknown>): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    try {
      await work(await started());
      return;
    } catch (failure) {
      if (!(failure instanceof ExternalFailure && failure.retryable)) throw failure;
      if (failure.retryAfterMs === undefined) continue;
      proxy.moveOn();
      nowMs += failure.retryAfterMs;
    }
  }
  throw new Error(`not done after ${ATTEMPTS_MAX} attempts`);
}

test.each([
  { called: "whose first attempt took effect but was answered with 502", lost: true },
  { called: "that is asked for twice before lists show it", lost: false },
])("a comment $called is there once", async ({ lost }) => {
  const issue = await fileIssue();
  const comment = ({ issues }: GitHub) => issues.publishComment(issue, "incident", "Hello");
  proxy.holdReads();
  if (lost) proxy.lose("POST", /\/comments$/);
  await bringToItsEnd(comment);
  await bringToItsEnd(comment);
  const { data } = await olga.rest.issues.listComments({ ...PLACE, issue_number: issue });
  expect(data.map(({ body }) => body)).toEqual(["<!-- incident-to-eval:incident -->\nHello"]);
});

test.each([
  { called: "whose first attempt took effect but was answered with 502", lost: true },
  { called: "that is asked for twice before lists show it", lost: false },
])("a check run $called is there once", async ({ called, lost }) => {
  const check = aCheckRun(main.sha, { externalId: called });
  const open = ({ checks }: GitHub) => checks.openCheck(check);
  proxy.holdReads();
  if (lost) proxy.lose("POST", /\/check-runs$/);
  await bringToItsEnd(open);
  await bringToItsEnd(open);
  const { data } = await olga.rest.checks.listForRef({ ...PLACE, ref: main.sha, filter: "all" });
  expect(data.check_runs.filter(({ external_id }) => external_id === called)).toHaveLength(1);
});

test.each([
  { called: "whose branch was made but answered with 502", lost: /\/git\/refs$/ },
  { called: "that was opened but answered with 502", lost: /\/pulls$/ },
  { called: "that is asked for twice before lists show it", lost: undefined },
])("a pull request $called is there once, with one commit", async ({ lost }) => {
  const issue = await fileIssue();
  const branch = `incident-to-eval/issue-${issue}`;
  const proposal = aProposal(main, { branch });
  const propose = ({ proposals }: GitHub) => proposals.openProposal(proposal, undefined);
  proxy.holdReads();
  if (lost !== undefined) proxy.lose("POST", lost);
  await bringToItsEnd(propose);
  await bringToItsEnd(propose);
  const { data } = await olga.rest.pulls.list({ ...PLACE, state: "all", head: `${PLACE.owner}:${branch}` });
  expect(data.map(({ head }) => head.ref)).toEqual([branch]);
  const tip = await olga.rest.git.getRef({ ...PLACE, ref: `heads/${branch}` });
  const commit = await olga.rest.git.getCommit({ ...PLACE, commit_sha: tip.data.object.sha });
  expect(commit.data.parents.map(({ sha }) => sha)).toEqual([main.sha]);
});

test("a comment that a person deleted is made anew", async () => {
  const issue = await fileIssue();
  const comment = ({ issues }: GitHub) => issues.publishComment(issue, "incident", "Hello");
  await bringToItsEnd(comment);
  const before = await olga.rest.issues.listComments({ ...PLACE, issue_number: issue });
  for (const { id } of before.data) await olga.rest.issues.deleteComment({ ...PLACE, comment_id: id });
  await bringToItsEnd(comment);
  const { data } = await olga.rest.issues.listComments({ ...PLACE, issue_number: issue });
  expect(data).toHaveLength(1);
});
