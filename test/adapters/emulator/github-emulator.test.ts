import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Probot, type ProbotOctokit } from "probot";
import { type GithubEmulator, startGithubEmulator } from "../../../src/adapters/emulator/github-emulator.ts";
import { type LoopbackRequest, startLoopbackServer } from "../../../src/adapters/emulator/loopback-server.ts";
import {
  fileIncident,
  fillRepository,
  personOf,
  proposeChange,
  tryMerge,
} from "../../../src/adapters/emulator/people.ts";

const SECRET = "a-webhook-secret-of-thirty-two-chars";
const AT = { owner: "acme", repo: "refund-agent" };
const CHECK = "incident-to-eval / blocking";

let github: GithubEmulator;
let app: ProbotOctokit;
const received: LoopbackRequest[] = [];
let closeReceiver: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  github = await startGithubEmulator({
    app: { id: 4242, slug: "incident-to-eval", name: "incident-to-eval", webhookSecret: SECRET },
    repository: { owner: "acme", name: "refund-agent" },
    users: [
      { login: "ada", token: "token-ada", role: "admin" },
      { login: "wim", token: "token-wim", role: "write" },
      { login: "tia", token: "token-tia", role: "triage" },
      { login: "rae", token: "token-rae", role: "read" },
      { login: "nob", token: "token-nob", role: "none" },
      { login: "lee", token: "token-lee", role: "none", teams: ["release-authority"] },
    ],
  });
  await fillRepository(github, { "README.md": "# Refunds\n", "agent/prompts/system.md": "Größe zählt.\n" }, [
    CHECK,
  ]);
  const receiver = await startLoopbackServer({
    port: 0,
    bodyBytesMax: 1_000_000,
    refuse: (status, body) => ({ status, contentType: "text/plain", body }),
    handle: async (request) => {
      received.push(request);
      return { status: 202, contentType: "text/plain", body: "" };
    },
  });
  closeReceiver = receiver.close;
  github.deliverTo(`${receiver.url}/api/github/webhooks`);
  const probot = new Probot({
    appId: github.appId,
    privateKey: github.privateKey,
    secret: SECRET,
    baseUrl: github.url,
    logLevel: "fatal",
  });
  app = await probot.auth(github.installationId);
});
afterAll(async () => {
  await github?.close();
  await closeReceiver();
});

/** Waits until the App was told of an event, which happens beside the call that caused it. */
async function told(event: string, action: string): Promise<LoopbackRequest> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = received.find(
      (request) => request.headers["x-github-event"] === event && JSON.parse(request.body).action === action,
    );
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(
    `expected ${event}.${action}, got ${received.map((r) => r.headers["x-github-event"]).join(", ")}`,
  );
}

function propose(branch: string) {
  return proposeChange(github, personOf(github, "wim"), {
    branch,
    title: `Change ${branch}`,
    body: "Kinder words.",
    files: { "agent/prompts/system.md": `You are kind: ${branch}.\n` },
  });
}

describe("the emulated GitHub", () => {
  test("gives the installed App the repository's tree and files", async () => {
    const tree = await app.rest.git.getTree({ ...AT, tree_sha: "main", recursive: "1" });
    const blobs = tree.data.tree.filter((entry) => entry.type === "blob");
    expect(blobs.map((entry) => entry.path)).toEqual(["agent/prompts/system.md", "README.md"]);
    const blob = await app.rest.git.getBlob({ ...AT, file_sha: blobs[0]?.sha ?? "" });
    expect(Buffer.from(blob.data.content, "base64").toString("utf8")).toBe("Größe zählt.\n");
  });

  test.each([
    { login: "ada", role: "admin" },
    { login: "wim", role: "write" },
    { login: "tia", role: "triage" },
    { login: "rae", role: "read" },
    { login: "lee", role: "admin" },
  ])("says that $login has the role $role", async ({ login, role }) => {
    const { data } = await app.rest.repos.getCollaboratorPermissionLevel({ ...AT, username: login });
    expect(data.role_name).toBe(role);
  });

  test.each(["nob", "stranger"])("knows no role of %s", async (username) => {
    await expect(app.rest.repos.getCollaboratorPermissionLevel({ ...AT, username })).rejects.toMatchObject({
      status: 404,
    });
  });

  test("knows who is in a team", async () => {
    const of = (username: string) =>
      app.rest.teams.getMembershipForUserInOrg({ org: "acme", team_slug: "release-authority", username });
    expect((await of("lee")).data.state).toBe("active");
    await expect(of("wim")).rejects.toMatchObject({ status: 404 });
  });

  test("tells the App of a new incident, signed, with an id of its own", async () => {
    const tia = personOf(github, "tia");
    const number = await fileIncident(github, tia, {
      title: "Refund",
      body: "### Severity\n\nS1",
      label: "incident",
    });
    const { headers, body } = await told("issues", "opened");
    expect(headers["x-hub-signature-256"]).toBe(
      `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    );
    expect(headers["x-github-delivery"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.parse(body)).toMatchObject({
      issue: { number, labels: [{ name: "incident" }] },
      installation: { id: github.installationId },
      sender: { login: "tia" },
    });
  });

  test("tells the App of a pull request with its number and what it changes", async () => {
    const { number, sha } = await propose("kind");
    const { body } = await told("pull_request", "opened");
    expect(JSON.parse(body)).toMatchObject({
      number,
      pull_request: { head: { sha }, base: { ref: "main" } },
    });
    const compared = await app.rest.repos.compareCommitsWithBasehead({ ...AT, basehead: `main...${sha}` });
    expect(compared.data.files?.map((file) => file.filename)).toEqual(["agent/prompts/system.md"]);
    expect(compared.data.merge_base_commit.sha).toBe(compared.data.base_commit.sha);
    const listed = await app.rest.pulls.list({ ...AT, head: "acme:kind", state: "all" });
    expect(listed.data.map((pull) => pull.number)).toEqual([number]);
  });

  test("tells the App of a comment whether it is on a pull request", async () => {
    const { number } = await propose("commented");
    const { octokit } = personOf(github, "wim");
    await octokit.rest.issues.createComment({ ...AT, issue_number: number, body: "/incident-to-eval run" });
    const { body } = await told("issue_comment", "created");
    expect(JSON.parse(body)).toMatchObject({ issue: { number, pull_request: {} } });
  });

  test("refuses a merge until the required check is green", async () => {
    const { number, sha } = await propose("gated");
    const wim = personOf(github, "wim");
    const check = { ...AT, name: CHECK, head_sha: sha, output: { title: "t", summary: "s" } };
    const missing = await tryMerge(github, wim, number);
    const run = await app.rest.checks.create({ ...check, status: "in_progress" });
    const running = await tryMerge(github, wim, number);
    await app.rest.checks.update({
      ...AT,
      check_run_id: run.data.id,
      status: "completed",
      conclusion: "failure",
    });
    const failed = await tryMerge(github, wim, number);
    await app.rest.checks.create({ ...check, status: "completed", conclusion: "success" });
    const green = await tryMerge(github, wim, number);
    expect([missing, running, failed, green].map((merge) => merge.kind)).toEqual([
      "refused",
      "refused",
      "refused",
      "merged",
    ]);
    expect(missing).toMatchObject({
      because: expect.stringContaining("Required status checks have not succeeded"),
    });
  });

  test("lets nobody write to main past the checks", async () => {
    const { octokit } = personOf(github, "ada");
    const change = { ...AT, path: "x.md", message: "x", content: "eA==", branch: "main" };
    await expect(octokit.rest.repos.createOrUpdateFileContents(change)).rejects.toMatchObject({
      status: 409,
    });
  });

  test("keeps a record of what it sent", async () => {
    await told("issues", "opened");
    expect(github.deliveries()).toContainEqual(
      expect.objectContaining({ event: "issues", action: "opened", status: 202 }),
    );
  });
});

test("an emulated GitHub without an owner is refused", async () => {
  const app = { id: 1, slug: "a", name: "a", webhookSecret: SECRET };
  await expect(
    startGithubEmulator({ app, repository: { owner: "o", name: "r" }, users: [] }),
  ).rejects.toThrow(/role `admin`/);
});
