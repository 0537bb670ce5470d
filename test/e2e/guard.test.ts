import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  type Changes,
  commit,
  helpDeskFiles,
  openPullRequest,
  placeOf,
  requestsAbout,
  startHelpDesk,
} from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

const CONFIG = ".github/incident-to-eval.yml";
const PROMPT = "desk/prompts/answer.md";
const HURRIED = { [PROMPT]: "You help people of Northwind. Be quick.\n" };
const IDENTITY = "evals/incidents/identity-before-reset.yml";
const NAMES = ["blocking", "guard"] as const;

/** Tom keeps the fixture, Max may override, Wanda opens pull requests. */
const PEOPLE = [
  { login: "olga", role: "admin" },
  { login: "max", role: "maintain" },
  { login: "wanda", role: "write" },
  { login: "tom", role: "write" },
] as const;

const files = await helpDeskFiles();
const fixture = `${(files[IDENTITY] ?? "")
  .replace("@northwind/identity", "@northwind/support-platform")
  .replace("severity: S1", "severity: S1\ntier: safety\nreview_by: 2099-01-01")}trials: { max: 2 }\n`;
const config = (files[CONFIG] ?? "").replace(
  "gate:\n",
  'override: { blocking: ["@northwind/release-authority"] }\ngate:\n',
);

let app: RunningApp;
let start: string;
beforeAll(async () => {
  app = await startHelpDesk({ people: PEOPLE, changes: { [IDENTITY]: fixture, [CONFIG]: config } });
  const { octokit } = app.person("olga");
  start = (await octokit.rest.git.getRef({ ...placeOf(app), ref: "heads/main" })).data.object.sha;
}, 60_000);
afterAll(() => app.stop());

/** Somebody reviews a commit of a pull request; answers the review's id. */
async function review(
  number: number,
  sha: string,
  by: string,
  event: "APPROVE" | "REQUEST_CHANGES" = "APPROVE",
) {
  const { octokit } = app.person(by);
  const at = { ...placeOf(app), pull_number: number };
  const { data } = await octokit.rest.pulls.createReview({ ...at, commit_id: sha, event, body: "Seen." });
  return data.id;
}

/** Waits until the newest checks of both names say this. */
async function becomes(sha: string, conclusion: "success" | "failure"): Promise<void> {
  await app.eventually(`${conclusion} on ${sha}`, async () => {
    const newest = await Promise.all(NAMES.map(async (name) => (await app.checks(sha, name)).at(-1)));
    return newest.every((check) => check?.conclusion === conclusion) ? true : undefined;
  });
}

async function pushTo(branch: string, sha: string): Promise<void> {
  const { octokit } = app.person("wanda");
  await octokit.rest.git.updateRef({ ...placeOf(app), ref: `heads/${branch}`, sha, force: true });
}

async function propose(branch: string, sha: string, base: string): Promise<number> {
  const { octokit } = app.person("wanda");
  await octokit.rest.git
    .createRef({ ...placeOf(app), ref: `refs/heads/${branch}`, sha })
    .catch(() => undefined);
  const { data } = await octokit.rest.pulls.create({ ...placeOf(app), title: branch, head: branch, base });
  return data.number;
}

/** Replaces texts in the files of the default branch. */
function edited(...edits: readonly (readonly [path: string, from: string, to: string])[]): Changes {
  const changed: Record<string, string> = {};
  for (const [path, from, to] of edits) {
    const whole = changed[path] ?? { [CONFIG]: config, [IDENTITY]: fixture }[path] ?? "";
    if (!whole.includes(from)) throw new Error(`${path} has no ${from}`);
    changed[path] = whole.replace(from, to);
  }
  return changed;
}

describe("a pull request that", () => {
  test.each<readonly [string, Changes, readonly string[]]>([
    ["deletes a fixture", { [IDENTITY]: null }, ["is removed"]],
    [
      "moves a fixture to where none are read",
      { [IDENTITY]: null, "docs/identity.yml": fixture },
      ["docs/identity.yml", "not read as a fixture"],
    ],
    [
      "narrows a fixture",
      edited([IDENTITY, "required: [tool:verify_identity, ", "required: ["]),
      ["expect.trajectory.required", "verify"],
    ],
    [
      "re-levels a fixture",
      edited(
        [IDENTITY, "level: blocking", "level: warning"],
        [IDENTITY, "severity: S1", "severity: S3"],
        [IDENTITY, "tier: safety", "tier: full"],
      ),
      ["`blocking`", "`warning`", "`S3`", "`safety`"],
    ],
    [
      "lets a fixture expire",
      edited([IDENTITY, "review_by: 2099-01-01", "expires_at: 2026-01-01"]),
      ["expires_at", "review_by"],
    ],
    ["shrinks its trials", edited([IDENTITY, "max: 2", "max: 1"]), ["trials.max"]],
    [
      "takes a fixture out of scope",
      edited([IDENTITY, "gates: [prompt]", "gates: [retrieval]"]),
      ["gates[0]", "prompt"],
    ],
    [
      "replaces a recording so that the agent cannot fail",
      edited([IDENTITY, "side_effect: account, return: { done: true }", "denied: not now"]),
      ["tools.reset_password[0]"],
    ],
    [
      "edits the configuration",
      edited(
        [CONFIG, "trials: { pull_request: 2 }", "thresholds: { suite: 0.1 }\n  trials: { pull_request: 1 }"],
        [CONFIG, "gate:\n", "gate:\n  bases: [lenient]\n"],
        [CONFIG, '["@northwind/release-authority"]', "write"],
        [CONFIG, "request_approval: {", 'grant_admin: { as: "tool:harmless" }\n      request_approval: {'],
      ),
      [
        "gate.thresholds.suite",
        "gate.trials.pull_request",
        "gate.bases[0]",
        "override.blocking",
        "agents.helpdesk.spans.grant_admin",
        "@northwind/service-desk",
      ],
    ],
    [
      "moves a file of the agent to where no glob looks",
      { [PROMPT]: null, "lib/answer.md": files[PROMPT] ?? "" },
      ["desk/prompts/answer.md", "lib/answer.md", "out of scope"],
    ],
  ])("%s is told so, place by place, and is red without approval", async (how, changes, said) => {
    const { sha } = await openPullRequest(app, how.replaceAll(/\W+/g, "-"), changes);
    const guard = await app.check(sha, "guard");
    expect(guard).toMatchObject({ conclusion: "failure", title: expect.stringMatching(/^Needs approval: /) });
    for (const one of said) expect(guard.summary).toContain(one);
    const blocking = await app.check(sha);
    expect(blocking.conclusion).toBe("failure");
    expect(blocking.summary).toContain("without the approval that this needs");
  });

  test("only adds and strengthens needs nobody", async () => {
    const { sha } = await openPullRequest(app, "stronger", {
      [IDENTITY]: `# Reviewed.\n${fixture
        .replace("order: subsequence", "order: subsequence\n    max_tool_calls: 4")
        .replace("max: 2", "max: 3")}`,
      [CONFIG]: config.replace("pull_request: 2", "pull_request: 3"),
    });
    expect(await app.check(sha, "guard")).toMatchObject({
      conclusion: "success",
      title: "Nothing is weakened",
    });
    expect(await app.check(sha)).toMatchObject({ conclusion: "success" });
  });
});

test("the owner lets an intended change through, for this commit, and no model is asked; a push asks anew", async () => {
  const changes = { ...HURRIED, ...edited([IDENTITY, "required: [tool:verify_identity, ", "required: ["]) };
  const { number, sha } = await openPullRequest(app, "intended", changes);
  expect(await app.check(sha)).toMatchObject({ title: expect.stringContaining("regressed") });
  const before = app.model.requests().length;
  // Neither the author, nor who may override, nor a comment is the owner.
  await review(number, sha, "max");
  const id = await review(number, sha, "tom");
  await becomes(sha, "success");
  expect(app.model.requests()).toHaveLength(before);
  const approved = (await app.checks(sha, "guard")).at(-1);
  expect(approved?.title).toBe("Approved: identity-before-reset is weakened");

  const { octokit } = app.person("olga");
  const at = { ...placeOf(app), pull_number: number, review_id: id };
  await octokit.rest.pulls.dismissReview({ ...at, message: "Too early." });
  await becomes(sha, "failure");
  await review(number, sha, "tom");
  await becomes(sha, "success");
  expect(app.model.requests()).toHaveLength(before);

  const next = await commit(app, sha, { "README.md": "More.\n" });
  await pushTo("intended", next);
  await becomes(next, "failure");
});

test("who may override approves where the author is the owner", async () => {
  const { number, sha } = await openPullRequest(app, "own-fixture", { [IDENTITY]: null }, { by: "tom" });
  expect(await app.check(sha, "guard")).toMatchObject({ conclusion: "failure" });
  await review(number, sha, "max");
  await becomes(sha, "success");
});

test("pushing back to a commit that passed brings neither its green nor an approval of another one back", async () => {
  const { number, sha: harmless } = await openPullRequest(app, "back-and-forth", { "README.md": "More.\n" });
  expect(await app.check(harmless, "guard")).toMatchObject({ conclusion: "success" });
  const weak = await commit(app, harmless, { [IDENTITY]: null });
  await review(number, harmless, "tom");
  await pushTo("back-and-forth", weak);
  await becomes(weak, "failure");
  await pushTo("back-and-forth", harmless);
  await becomes(harmless, "success");
  await pushTo("back-and-forth", weak);
  await becomes(weak, "failure");
});

test("a green that was earned on another branch does not survive the way to this one", async () => {
  const { octokit } = app.person("olga");
  const lenient = await commit(app, start, { [IDENTITY]: null });
  await octokit.rest.git.createRef({ ...placeOf(app), ref: "refs/heads/lenient", sha: lenient });
  const sha = await commit(app, lenient, { "README.md": "Lenient.\n" });
  const number = await propose("from-lenient", sha, "lenient");
  // The default branch measures it from the beginning: there is no green to take along.
  await becomes(sha, "failure");
  await octokit.rest.pulls.update({ ...placeOf(app), pull_number: number, base: "main" });
  await app.eventually("second answer", async () =>
    (await app.checks(sha, "guard")).length > 1 ? true : undefined,
  );
  await becomes(sha, "failure");
});

test("two pull requests on one commit are as red as the worse of them, and the approval of one is none of the other", async () => {
  const { octokit } = app.person("olga");
  await octokit.rest.git.createRef({ ...placeOf(app), ref: "refs/heads/elsewhere", sha: start });
  const { number, sha } = await openPullRequest(app, "twins", { [IDENTITY]: null });
  await becomes(sha, "failure");
  const twin = await propose("twins", sha, "elsewhere");
  await app.eventually("guard of the twin", async () =>
    (await app.checks(sha, "guard")).length > 1 ? true : undefined,
  );
  await review(twin, sha, "tom");
  await becomes(sha, "failure");
  await review(number, sha, "tom");
  await becomes(sha, "success");
});

test("a check of the same name by another App opens no branch whose rule names ours", async () => {
  app.github.requireByRuleset(
    "main",
    NAMES.map((name) => ({ context: `incident-to-eval / ${name}`, appId: app.emulator.appId })),
  );
  const { number, sha } = await openPullRequest(app, "forged", { [IDENTITY]: null });
  await becomes(sha, "failure");
  const { octokit } = app.person("wanda");
  for (const name of NAMES)
    await octokit.rest.checks.create({
      ...placeOf(app),
      name: `incident-to-eval / ${name}`,
      head_sha: sha,
      status: "completed",
      conclusion: "success",
      external_id: "1",
    });
  const ours = (await app.checks(sha, "guard")).filter(({ title }) => title.startsWith("Needs approval"));
  expect(ours).toMatchObject([{ conclusion: "failure" }]);
  await review(number, sha, "max");
  const merge = octokit.rest.pulls.merge({ ...placeOf(app), pull_number: number, merge_method: "merge" });
  await expect(merge).rejects.toMatchObject({ status: 405 });
});

test("words that keep workflows quiet do not keep the gate quiet", async () => {
  const { octokit } = app.person("wanda");
  const tree = (await octokit.rest.git.getCommit({ ...placeOf(app), commit_sha: start })).data.tree.sha;
  const changed = await octokit.rest.git.createTree({
    ...placeOf(app),
    base_tree: tree,
    tree: [{ path: IDENTITY, mode: "100644", type: "blob", sha: null }],
  });
  const { data } = await octokit.rest.git.createCommit({
    ...placeOf(app),
    message: "Tidy [skip ci]\n\n\nskip-checks: true",
    tree: changed.data.sha,
    parents: [start],
  });
  await propose("quiet", data.sha, "main");
  await becomes(data.sha, "failure");
  expect(requestsAbout(app, "kito").length).toBeGreaterThan(0);
});
