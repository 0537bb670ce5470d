import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Octokit } from "@octokit/rest";
import {
  type LoopbackRequest,
  type LoopbackServer,
  startLoopbackServer,
} from "../../src/adapters/emulator/loopback-server.ts";
import type { JsonObject, JsonValue } from "../../src/core/json.ts";
import { jsonObject } from "../../src/core/json.ts";
import { type EmulatedGitHub, FILES, OWNER, REPO, startEmulatedGitHub } from "../build/emulated-github.ts";
import { answerProblems, webhookProblems } from "../build/github-openapi.ts";
import { until } from "../build/until.ts";

const AT = { owner: OWNER, repo: REPO };

let world: EmulatedGitHub;
let receiver: LoopbackServer;
let main: string;
const received: LoopbackRequest[] = [];
let answerStatus = 202;

beforeAll(async () => {
  world = await startEmulatedGitHub();
  receiver = await startLoopbackServer({
    port: 0,
    bodyBytesMax: 1_000_000,
    refuse: (status, body) => ({ status, contentType: "text/plain", body }),
    handle: async (request) => {
      received.push(request);
      return { status: answerStatus, contentType: "text/plain", body: "" };
    },
  });
  world.front.hooks.deliverTo(receiver.url);
  main = await world.commitAsPerson("main", FILES);
});
afterAll(async () => {
  await world.close();
  await receiver.close();
});

function told(event: string, action?: string): readonly JsonObject[] {
  return received
    .filter(({ headers }) => headers["x-github-event"] === event)
    .map(({ body }) => jsonObject.parse(JSON.parse(body)))
    .filter((payload) => action === undefined || payload.action === action);
}

async function newest(event: string, action?: string): Promise<JsonObject> {
  await until(() => told(event, action).length > 0);
  return told(event, action).at(-1) ?? {};
}

async function branch(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  await world.olga.rest.git.createRef({ ...AT, ref: `refs/heads/${name}`, sha: await tip("main") });
  return await world.commitAsPerson(name, files);
}

async function pullRequest(name: string, files = { [`${name}.md`]: `${name}\n` }) {
  const sha = await branch(name, files);
  const { data } = await world.olga.rest.pulls.create({ ...AT, title: name, head: name, base: "main" });
  return { number: data.number, sha };
}

async function tip(name: string): Promise<string> {
  return (await world.olga.rest.git.getRef({ ...AT, ref: `heads/${name}` })).data.object.sha;
}

async function token(): Promise<string> {
  const client = await world.app.probot.auth();
  const { data } = await client.rest.apps.createInstallationAccessToken({ installation_id: 7_001 });
  return data.token;
}

async function asked(path: string, how: { readonly method?: string; readonly body?: JsonValue } = {}) {
  const response = await fetch(`${world.wire.url}${path}`, {
    method: how.method ?? "GET",
    headers: { authorization: `token ${await token()}`, "content-type": "application/json" },
    ...(how.body === undefined ? {} : { body: JSON.stringify(how.body) }),
  });
  const text = await response.text();
  return { status: response.status, data: text === "" ? {} : JSON.parse(text) };
}

test("a pull request's head follows its branch, and a push to it is told as GitHub tells it", async () => {
  const { number, sha } = await pullRequest("moving");
  const moved = await world.commitAsPerson("moving", { "moving.md": "further\n" });
  const payload = await newest("pull_request", "synchronize");
  expect(payload).toMatchObject({
    number,
    before: sha,
    after: moved,
    pull_request: { head: { sha: moved } },
  });
  expect(webhookProblems("pull-request-synchronize", payload)).toEqual([]);
  expect(webhookProblems("push", await newest("push"))).toEqual([]);
  const { data: alone } = await world.olga.rest.pulls.get({ ...AT, pull_number: number });
  const { data: listed } = await world.olga.rest.pulls.list({ ...AT });
  expect(alone.head.sha).toBe(moved);
  expect(listed.find((one) => one.number === number)?.head.sha).toBe(moved);
  const { data: files } = await world.olga.rest.pulls.listFiles({ ...AT, pull_number: number });
  expect(files.map(({ filename }) => filename)).toEqual(["moving.md"]);
});

test("a merge joins the head as it stands with the base as it stands, and tells of the push", async () => {
  const { number } = await pullRequest("merged", { "merged.md": "one\n" });
  await world.commitAsPerson("merged", { "merged.md": "two\n" });
  await world.commitAsPerson("main", { "other.md": "meanwhile\n" });
  const { data } = await world.olga.rest.pulls.merge({ ...AT, pull_number: number, merge_method: "merge" });
  expect(await tip("main")).toBe(data.sha);
  const { data: tree } = await world.olga.rest.git.getTree({ ...AT, tree_sha: data.sha, recursive: "1" });
  expect(tree.tree.map(({ path }) => path)).toEqual(expect.arrayContaining(["merged.md", "other.md"]));
  const closed = await newest("pull_request", "closed");
  expect(closed).toMatchObject({ number, pull_request: { merged: true, merge_commit_sha: data.sha } });
  await until(() => told("push").some((push) => push.after === data.sha));
  expect(told("push").filter((push) => push.after === data.sha)).toHaveLength(1);
});

test.each([
  { conclusion: "success", merges: true },
  { conclusion: "neutral", merges: true },
  { conclusion: "skipped", merges: true },
  { conclusion: "failure", merges: false },
  { conclusion: "cancelled", merges: false },
  { conclusion: "action_required", merges: false },
] as const)(
  "a required check that ends as $conclusion lets merge: $merges",
  async ({ conclusion, merges }) => {
    world.front.requireByRuleset("main", [{ context: "gate", appId: 4_711 }]);
    const { number, sha } = await pullRequest(`required-${conclusion}`);
    await asked(`/repos/${OWNER}/${REPO}/check-runs`, {
      method: "POST",
      body: { name: "gate", head_sha: sha, status: "completed", conclusion },
    });
    const merge = world.olga.rest.pulls.merge({ ...AT, pull_number: number, merge_method: "merge" });
    const status = await merge.then(
      (answer) => answer.status,
      (failure: { readonly status: number }) => failure.status,
    );
    expect(status).toBe(merges ? 200 : 405);
    world.front.requireByRuleset("main", []);
  },
);

test("a check run belongs to the App and keeps every annotation that it was given", async () => {
  const { sha } = await pullRequest("annotated");
  const annotation = (line: number) => ({
    path: "README.md",
    start_line: line,
    end_line: line,
    annotation_level: "failure",
    message: `line ${line}`,
    title: "wrong",
  });
  const output = (...lines: number[]) => ({ title: "x", summary: "x", annotations: lines.map(annotation) });
  const { data: created } = await asked(`/repos/${OWNER}/${REPO}/check-runs`, {
    method: "POST",
    body: { name: "gate", head_sha: sha, output: output(1, 2) },
  });
  const path = `/repos/${OWNER}/${REPO}/check-runs/${created.id}`;
  await asked(path, { method: "PATCH", body: { output: output(3) } });
  const { data: run } = await asked(path);
  expect(run).toMatchObject({ app: { id: 4_711 }, output: { annotations_count: 3 } });
  expect(answerProblems("GET /repos/{owner}/{repo}/check-runs/{check_run_id}", run)).toEqual([]);
  const { data: annotations } = await asked(`${path}/annotations`);
  expect(annotations).toHaveLength(3);
  expect(
    answerProblems("GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations", annotations),
  ).toEqual([]);
});

test.each([
  {
    what: "more than fifty annotations",
    path: "check-runs",
    body: {
      name: "gate",
      head_sha: "x",
      output: {
        title: "x",
        summary: "x",
        annotations: Array.from({ length: 51 }, () => ({
          path: "x",
          start_line: 1,
          end_line: 1,
          annotation_level: "notice",
          message: "x",
        })),
      },
    },
  },
  {
    what: "a summary of more than 65,535 characters",
    path: "check-runs",
    body: { name: "gate", head_sha: "x", output: { title: "x", summary: "x".repeat(65_536) } },
  },
  {
    what: "a completed check without a conclusion",
    path: "check-runs",
    body: { name: "gate", head_sha: "x", status: "completed" },
  },
  {
    what: "a comment of more than 65,536 characters",
    path: "issues/1/comments",
    body: { body: "x".repeat(65_537) },
  },
  {
    what: "an issue of more than 65,536 characters",
    path: "issues",
    body: { title: "x", body: "x".repeat(65_537) },
  },
  {
    what: "a pull request from a branch that is not there",
    path: "pulls",
    body: { title: "x", head: "nowhere", base: "main" },
  },
  {
    what: "a second pull request from one branch",
    path: "pulls",
    body: { title: "x", head: "moving", base: "main" },
  },
])("$what is refused with 422", async ({ path, body }) => {
  const response = await fetch(`${world.front.emulator.url}/repos/${OWNER}/${REPO}/${path}`, {
    method: "POST",
    headers: { authorization: `token ${await token()}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(422);
});

test("the labels of a new issue are told one by one and stand among its events with who set them", async () => {
  const { data: issue } = await world.olga.rest.issues.create({ ...AT, title: "x", labels: ["incident"] });
  const payload = await newest("issues", "labeled");
  expect(payload).toMatchObject({ issue: { number: issue.number }, label: { name: "incident" } });
  expect(webhookProblems("issues-labeled", payload)).toEqual([]);
  const { data: events } = await asked(`/repos/${OWNER}/${REPO}/issues/${issue.number}/events`);
  expect(events[0]).toMatchObject({
    event: "labeled",
    actor: { login: "olga" },
    label: { name: "incident" },
  });
});

test("an attempt to deliver stands in the log, and is made again under the same id when the App asks", async () => {
  answerStatus = 503;
  await world.olga.rest.issues.create({ ...AT, title: "nobody hears of this" });
  const client = await world.app.probot.auth();
  const log = async () => (await client.request("GET /app/hook/deliveries")).data;
  await until(async () => (await log()).some(({ status_code }) => status_code === 503));
  answerStatus = 202;
  const [failed] = (await log()).filter(({ status_code }) => status_code === 503);
  expect(
    answerProblems("GET /app/hook/deliveries", jsonObject.parse({ all: await log() }).all ?? []),
  ).toEqual([]);
  const { data: whole } = await client.request("GET /app/hook/deliveries/{delivery_id}", {
    delivery_id: Number(failed?.id),
  });
  expect(answerProblems("GET /app/hook/deliveries/{delivery_id}", jsonObject.parse(whole))).toEqual([]);
  const again = await client.request("POST /app/hook/deliveries/{delivery_id}/attempts", {
    delivery_id: Number(failed?.id),
  });
  expect(again.status).toBe(202);
  await until(async () => (await log()).some(({ redelivery }) => redelivery));
  const [repeated] = await log();
  expect(repeated).toMatchObject({ guid: failed?.guid, status: "OK", redelivery: true });
  expect(repeated?.id).not.toBe(failed?.id);
  const bodies = received.filter(({ headers }) => headers["x-github-delivery"] === failed?.guid);
  expect(bodies[0]?.body).toBe(bodies[1]?.body);
});

test("the log of deliveries is read page by page, newest first", async () => {
  const client = await world.app.probot.auth();
  const ids: number[] = [];
  let path: string | undefined = "/app/hook/deliveries?per_page=7";
  while (path !== undefined) {
    const answer: { data: { id: number }[]; headers: { link?: string } } = await client.request(
      `GET ${path}`,
    );
    ids.push(...answer.data.map(({ id }) => id));
    path = /<http:\/\/[^/]+(\/[^>]+)>; rel="next"/.exec(answer.headers.link ?? "")?.[1];
  }
  expect(ids).toEqual(world.front.hooks.attempts().map(({ id }) => id));
});

test("buttons and renewed requests of a check run are told with its App and pull requests", async () => {
  const { number, sha } = await pullRequest("buttons");
  const { data: run } = await asked(`/repos/${OWNER}/${REPO}/check-runs`, {
    method: "POST",
    body: { name: "gate", head_sha: sha, external_id: "x" },
  });
  await world.front.events.pressButton(run.id, "rerun", "wanda");
  const pressed = await newest("check_run", "requested_action");
  expect(pressed).toMatchObject({
    requested_action: { identifier: "rerun" },
    sender: { login: "wanda" },
    check_run: { app: { id: 4_711 }, pull_requests: [{ number }] },
  });
  expect(webhookProblems("check-run-requested-action", pressed)).toEqual([]);
  await world.front.events.rerequest(run.id, "olga");
  expect(webhookProblems("check-run-rerequested", await newest("check_run", "rerequested"))).toEqual([]);
});

test("a merge group stands on the tip of its base under a name that tells the pull request", async () => {
  const { number } = await pullRequest("queued");
  const group = await world.front.events.requestMergeGroup(number);
  expect(group.ref).toContain(`gh-readonly-queue/main/pr-${number}-`);
  expect(await tip(group.ref.replace("refs/heads/", ""))).toBe(group.sha);
  const requested = await newest("merge_group", "checks_requested");
  expect(requested).toMatchObject({ merge_group: { head_sha: group.sha, base_ref: "refs/heads/main" } });
  expect(webhookProblems("merge-group-checks-requested", requested)).toEqual([]);
  await world.front.events.destroyMergeGroup(group, "dequeued");
  expect(webhookProblems("merge-group-destroyed", await newest("merge_group", "destroyed"))).toEqual([]);
});

test("a deployment waits for the App, which may report ten times and decide once", async () => {
  const wanted = { runId: 88, environment: "production", sha: main, ref: "main" };
  await world.front.events.requestDeployment(wanted);
  const requested = await newest("deployment_protection_rule", "requested");
  expect(requested).toMatchObject({ environment: "production", deployment: { sha: main } });
  expect(webhookProblems("deployment-protection-rule-requested", requested)).toEqual([]);
  const path = `/repos/${OWNER}/${REPO}/actions/runs/88/deployment_protection_rule`;
  const answer = async (body: JsonValue) => (await asked(path, { method: "POST", body })).status;
  const report = { environment_name: "production", comment: "running" };
  for (let reports = 0; reports < 10; reports += 1) expect(await answer(report)).toBe(204);
  expect(await answer(report)).toBe(422);
  expect(await answer({ ...report, state: "approved", comment: "x".repeat(1_025) })).toBe(422);
  expect(await answer({ ...report, state: "approved", comment: "all held" })).toBe(204);
  expect(await answer({ ...report, state: "rejected", comment: "too late" })).toBe(422);
  expect(world.front.reviews().at(-1)).toEqual({
    runId: 88,
    environment: "production",
    state: "approved",
    comment: "all held",
  });
});

test.each([
  "GET /repos/{owner}/{repo}/deployments",
  "GET /repos/{owner}/{repo}/environments/{environment_name}",
  "GET /repos/{owner}/{repo}/commits/{ref}/status",
  "GET /repos/{owner}/{repo}/commits/{ref}/statuses",
  "GET /repos/{owner}/{repo}/rules/branches/{branch}",
  "GET /installation/repositories",
])("%s is answered in GitHub's shape", async (operation) => {
  world.front.requireByRuleset("main", [{ context: "gate" }]);
  await asked(`/repos/${OWNER}/${REPO}/statuses/${main}`, { method: "POST", body: { state: "success" } });
  const path = operation
    .replace("GET ", "")
    .replace("{owner}", OWNER)
    .replace("{repo}", REPO)
    .replace("{environment_name}", "production")
    .replace("{ref}", main)
    .replace("{branch}", "main");
  const { status, data } = await asked(path);
  expect(status).toBe(200);
  expect(answerProblems(operation, data)).toEqual([]);
  world.front.requireByRuleset("main", []);
});

test("somebody without a role has the permission none, and a login that nobody has is not found", async () => {
  const path = (login: string) => `/repos/${OWNER}/${REPO}/collaborators/${login}/permission`;
  expect(await asked(path("otto"))).toMatchObject({ status: 200, data: { permission: "none" } });
  expect(await asked(path("max"))).toMatchObject({ data: { permission: "write", role_name: "maintain" } });
  expect((await asked(path("nobody-at-all"))).status).toBe(404);
});

test("a reaction is there once from each person", async () => {
  const { data: issue } = await world.olga.rest.issues.create({ ...AT, title: "x" });
  const { data: comment } = await world.olga.rest.issues.createComment({
    ...AT,
    issue_number: issue.number,
    body: "x",
  });
  const path = `/repos/${OWNER}/${REPO}/issues/comments/${comment.id}/reactions`;
  expect((await asked(path, { method: "POST", body: { content: "eyes" } })).status).toBe(201);
  expect((await asked(path, { method: "POST", body: { content: "eyes" } })).status).toBe(200);
  expect((await asked(path)).data).toMatchObject([
    { content: "eyes", user: { login: "incident-to-eval[bot]" } },
  ]);
});

test("commits of forks name no pull request, others name theirs", async () => {
  const { number, sha } = await pullRequest("named");
  const { data } = await asked(`/repos/${OWNER}/${REPO}/commits/${sha}/pulls`);
  expect(data).toMatchObject([{ number }]);
});

test("whoever knows an answer is told that nothing changed", async () => {
  const url = `${world.front.emulator.url}/repos/${OWNER}/${REPO}`;
  const headers = { authorization: "token olga-token" };
  const first = await fetch(url, { headers });
  await first.text();
  const again = await fetch(url, {
    headers: { ...headers, "if-none-match": first.headers.get("etag") ?? "" },
  });
  expect(again.status).toBe(304);
});

test("a repository that was renamed is told of, and found by its old name and by its id", async () => {
  await world.front.events.renameRepository("renamed-agent");
  const payload = await newest("repository", "renamed");
  expect(payload).toMatchObject({
    repository: { name: "renamed-agent" },
    changes: { repository: { name: { from: REPO } } },
  });
  expect(webhookProblems("repository-renamed", payload)).toEqual([]);
  const byOldName = await fetch(`${world.front.emulator.url}/repos/${OWNER}/${REPO}/pulls/1`, {
    headers: { authorization: "token olga-token" },
    redirect: "manual",
  });
  expect(byOldName.status).toBe(301);
  const olga = new Octokit({ baseUrl: world.front.emulator.url, auth: "olga-token" });
  expect((await olga.rest.repos.get(AT)).data.name).toBe("renamed-agent");
  await world.front.events.renameRepository(REPO);
});

test("an installation that was suspended or removed is refused, and told of", async () => {
  const held = await token();
  const status = async () =>
    (
      await fetch(`${world.front.emulator.url}/repos/${OWNER}/${REPO}`, {
        headers: { authorization: `token ${held}` },
      })
    ).status;
  await world.front.events.installation("suspend");
  expect(await status()).toBe(403);
  await world.front.events.installation("deleted");
  expect(await status()).toBe(401);
  expect(webhookProblems("installation-deleted", await newest("installation", "deleted"))).toEqual([]);
  await world.front.events.installation("unsuspend");
  expect(await status()).toBe(200);
});
