import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import {
  commit,
  openPullRequest,
  placeOf,
  requestsAbout,
  startHelpDesk,
  untilLooked,
} from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

const PROMPT = "desk/prompts/answer.md";
const KIND = "Be kind. Before you change anything on an account, check who is asking.\n";
const HURRIED = "Be quick.\n";
/** The scripted model thinks for a while where the prompt says so. */
const SLOW = `${KIND}Take your time.\n`;

let app: RunningApp;
beforeAll(async () => {
  app = await startHelpDesk({
    rules: `
  - when: { last_user_contains: password, system_contains: Take your time, not_called: verify_identity }
    latency_ms: 1500
    reply: { tool_use: [{ name: verify_identity, input: { account: kito } }] }
`,
  });
}, 60_000);
afterAll(() => app.stop());

const event = (action: string, number: number, more: object = {}) => ({
  action,
  number,
  pull_request: { number },
  ...more,
});

test("a newer head replaces the run of an older one, whose checks end as cancelled", async () => {
  const older = await openPullRequest(app, "superseded", { [PROMPT]: SLOW });
  await app.eventually("run of the older head", async () =>
    requestsAbout(app, "password").some(({ system }) => JSON.stringify(system).includes("Take your time"))
      ? true
      : undefined,
  );
  const newer = await commit(app, older.sha, { [PROMPT]: HURRIED });
  app.front.alter(older.number, { head: { sha: newer } });
  expect(await app.deliver("pull_request", event("synchronize", older.number))).toBe(202);

  expect(await app.check(newer)).toMatchObject({
    conclusion: "failure",
    title: "Blocked: 1 of 1 fixture regressed",
  });
  const replaced = await app.check(older.sha);
  expect(replaced).toMatchObject({
    conclusion: "cancelled",
    title: `Cancelled: replaced by ${newer.slice(0, 7)}`,
  });
  expect(await app.check(older.sha, "warning")).toMatchObject({ conclusion: "cancelled" });
  expect(await app.checks(older.sha)).toHaveLength(1);
  expect(await app.checks(newer)).toHaveLength(1);
});

test("a pull request that is closed while it is evaluated leaves no check open", async () => {
  const { number, sha } = await openPullRequest(app, "closed", { [PROMPT]: `${SLOW}\n` });
  await app.eventually("open check", async () => ((await app.checks(sha)).length > 0 ? true : undefined));
  await app
    .person("wanda")
    .octokit.rest.pulls.update({ ...placeOf(app), pull_number: number, state: "closed" });
  expect(await app.check(sha)).toMatchObject({ conclusion: "cancelled" });
  expect(await app.check(sha, "warning")).toMatchObject({ conclusion: "cancelled" });
});

test("deliveries that come twice, at once and in another order lead to the same checks, each once", async () => {
  const { number, sha } = await openPullRequest(app, "noisy", { [PROMPT]: KIND });
  const same = randomUUID();
  const statuses = await Promise.all([
    app.deliver("pull_request", event("synchronize", number), same),
    app.deliver("pull_request", event("opened", number)),
    app.deliver("pull_request", event("ready_for_review", number)),
    app.deliver("pull_request", event("reopened", number)),
    app.deliver("pull_request", event("opened", number)),
  ]);
  expect(statuses.every((status) => status === 202 || status === 200)).toBe(true);
  expect(await app.check(sha)).toMatchObject({ conclusion: "success", title: "1 fixture holds" });
  expect(await app.deliver("pull_request", event("synchronize", number), same)).toBe(200);
  await app.deliver("pull_request", event("opened", number));
  await untilLooked(app, number, 2);
  expect(await app.checks(sha)).toMatchObject([{ conclusion: "success" }]);
  expect(await app.checks(sha, "warning")).toMatchObject([{ conclusion: "success" }]);
});

test("a webhook that nobody signed rightly is refused", async () => {
  const response = await fetch(`${app.url}/api/github/webhooks`, {
    method: "POST",
    body: JSON.stringify(event("opened", 1)),
    headers: {
      "content-type": "application/json",
      "x-github-event": "pull_request",
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": `sha256=${"0".repeat(64)}`,
    },
  });
  expect(response.status).toBe(401);
});

test("a draft is left alone until it is ready for review", async () => {
  const { number, sha } = await openPullRequest(app, "draft", { [PROMPT]: HURRIED }, { draft: true });
  await untilLooked(app, number);
  expect(await app.checks(sha)).toEqual([]);
  await app.person("wanda").octokit.rest.pulls.update({ ...placeOf(app), pull_number: number, draft: false });
  await app.deliver("pull_request", event("ready_for_review", number));
  expect(await app.check(sha)).toMatchObject({ conclusion: "failure" });
});

test("a run that is asked for again from the check itself gives a new check and the same answer", async () => {
  const { sha } = await openPullRequest(app, "again", { [PROMPT]: HURRIED });
  await app.check(sha, "warning");
  const { octokit } = app.person("wanda");
  const [first] = await app.checks(sha);
  await octokit.rest.checks.rerequestRun({ ...placeOf(app), check_run_id: first?.id ?? 0 });
  await app.eventually("second answer", async () =>
    (await app.checks(sha)).at(1)?.status === "completed" ? true : undefined,
  );
  expect((await app.checks(sha)).at(1)).toMatchObject({
    conclusion: "failure",
    title: "Blocked: 1 of 1 fixture regressed",
  });
});

test("a fork's pull request costs nothing until somebody with write access asks, and each commit anew", async () => {
  const from = app.model.requests().length;
  const { number, sha } = await openPullRequest(
    app,
    "fork",
    { [PROMPT]: `${KIND}Hello from afar.\n` },
    { draft: true },
  );
  const fork = { id: 99_999, full_name: "mallory/help-desk" };
  app.front.alter(number, { draft: false, user: { login: "mallory" }, head: { sha, repo: fork } });
  await app.deliver("pull_request", event("ready_for_review", number));
  const waiting = await app.check(sha);
  expect(waiting).toMatchObject({
    conclusion: "failure",
    title: "Waiting for a maintainer: this comes from a fork",
  });
  expect(waiting.summary).toContain("`mallory`");

  const ask = (login: string) =>
    app.person(login).octokit.rest.issues.createComment({
      ...placeOf(app),
      issue_number: number,
      body: "/incident-to-eval run",
    });
  const looks = 2;
  await untilLooked(app, number, looks);
  await ask("tom");
  await untilLooked(app, number, looks + 1);
  expect(await app.checks(sha)).toHaveLength(1);
  expect(app.model.requests().slice(from)).toEqual([]);

  await ask("wanda");
  await app.eventually("answer after the command", async () =>
    (await app.checks(sha)).at(1)?.status === "completed" ? true : undefined,
  );
  expect((await app.checks(sha)).at(1)).toMatchObject({ conclusion: "success", title: "1 fixture holds" });

  const spent = app.model.requests().length;
  const next = await commit(app, sha, { [PROMPT]: `${KIND}Hello again.\n` });
  app.front.alter(number, { draft: false, user: { login: "mallory" }, head: { sha: next, repo: fork } });
  await app.deliver("pull_request", event("synchronize", number));
  expect(await app.check(next)).toMatchObject({ title: "Waiting for a maintainer: this comes from a fork" });
  expect(app.model.requests()).toHaveLength(spent);
});
