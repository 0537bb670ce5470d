import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { tryMerge } from "../../src/adapters/emulator/people.ts";
import { commit, helpDeskFiles, openPullRequest, placeOf, startHelpDesk } from "../build/help-desk.ts";
import type { RunningApp } from "../build/running-app.ts";

const CONFIG = ".github/incident-to-eval.yml";
const PROMPT = "desk/prompts/answer.md";
const HURRIED = "Be quick.\n";
const OVERRIDE = "/incident-to-eval override customers wait for it";

let app: RunningApp;
beforeAll(async () => {
  const files = await helpDeskFiles();
  app = await startHelpDesk({
    changes: { [CONFIG]: `${files[CONFIG]}override: { blocking: ["@northwind/release-authority"] }\n` },
    people: [
      { login: "olga", role: "admin" },
      { login: "max", role: "maintain" },
      { login: "wanda", role: "write" },
      { login: "tom", role: "triage" },
      { login: "otto", role: "none" },
    ],
  });
}, 60_000);
afterAll(() => app.stop());

async function comment(number: number, body: string, by: string): Promise<number> {
  const { octokit } = app.person(by);
  const { data } = await octokit.rest.issues.createComment({ ...placeOf(app), issue_number: number, body });
  return data.id;
}

/** Waits for our answer to a comment, in a sign. */
async function reactionTo(id: number): Promise<string> {
  return await app.eventually(`reaction to the comment ${id}`, async () => {
    const { octokit } = app.person("olga");
    const { data } = await octokit.rest.reactions.listForIssueComment({ ...placeOf(app), comment_id: id });
    return data[0]?.content;
  });
}

/** Waits for our comment of a kind. */
async function told(number: number, kind: string): Promise<string> {
  return await app.eventually(`comment of the kind ${kind} on #${number}`, async () => {
    const { octokit } = app.person("olga");
    const { data } = await octokit.rest.issues.listComments({ ...placeOf(app), issue_number: number });
    return data.find(({ body }) => body?.startsWith(`<!-- incident-to-eval:${kind} -->`) === true)?.body;
  });
}

async function blocked(branch: string) {
  // The emulator gives the same content in the same second the same commit, and pull requests that share one share their checks.
  const opened = await openPullRequest(app, branch, { [PROMPT]: `${HURRIED}This is ${branch}.\n` });
  expect(await app.check(opened.sha)).toMatchObject({ conclusion: "failure" });
  return opened;
}

const conclusions = async (sha: string) => (await app.checks(sha)).map(({ conclusion }) => conclusion);

test("neither the author, nor who is not in the team, nor an edited comment overrides", async () => {
  const { number, sha } = await blocked("refused");
  // Wanda opened it, and is in the team.
  expect(await reactionTo(await comment(number, OVERRIDE, "wanda"))).toBe("confused");
  expect(await told(number, "command")).toContain("nobody overrides the checks of their own pull request");
  expect(await reactionTo(await comment(number, OVERRIDE, "olga"))).toBe("-1");
  expect(await told(number, "command")).toContain("That takes `@northwind/release-authority`");
  const harmless = await comment(number, "Looks good.", "max");
  const { octokit } = app.person("max");
  await octokit.rest.issues.updateComment({ ...placeOf(app), comment_id: harmless, body: OVERRIDE });
  expect(await reactionTo(await comment(number, "/incident-to-eval help", "otto"))).toBe("+1");
  expect(await conclusions(sha)).toEqual(["failure"]);
}, 30_000);

test("a push voids an override, and shortly after it the commit has to be named", async () => {
  const { number, sha } = await blocked("pushed");
  expect(await reactionTo(await comment(number, OVERRIDE, "max"))).toBe("+1");
  const { octokit } = app.person("wanda");
  const next = await commit(app, sha, { [PROMPT]: `${HURRIED}Very.\n` });
  await octokit.rest.git.updateRef({ ...placeOf(app), ref: "heads/pushed", sha: next, force: true });
  expect(await app.check(next)).toMatchObject({ conclusion: "failure" });
  expect(await reactionTo(await comment(number, OVERRIDE, "max"))).toBe("confused");
  const named = OVERRIDE.replace("override", `override ${next.slice(0, 7)}`);
  expect(await told(number, "command")).toContain(`/incident-to-eval override ${next.slice(0, 7)} `);
  expect(await reactionTo(await comment(number, named, "max"))).toBe("+1");
  expect(await conclusions(next)).toEqual(["failure", "success"]);
}, 30_000);

test("a pull request is explained, and a button says how it is overridden", async () => {
  const { number, sha } = await blocked("explained");
  expect(await reactionTo(await comment(number, "/incident-to-eval explain", "tom"))).toBe("+1");
  expect(await told(number, "explain")).toContain(`\`${PROMPT}\``);
  const checks = await app.checks(sha);
  const { octokit } = app.person("wanda");
  const { data: run } = await octokit.rest.checks.get({ ...placeOf(app), check_run_id: checks[0]?.id ?? 0 });
  const pressed = {
    action: "requested_action",
    check_run: run,
    requested_action: { identifier: "override" },
  };
  expect(await app.deliver("check_run", pressed)).toBe(202);
  expect(await told(number, "command")).toContain(`/incident-to-eval override ${sha.slice(0, 7)} because`);
}, 30_000);

test("an override by the team that is named lets one commit be merged, in a check of its own", async () => {
  const { number, sha } = await blocked("overridden");
  const olga = app.person("olga");
  expect(await tryMerge(app.emulator, olga, number)).toMatchObject({ kind: "refused" });

  expect(await reactionTo(await comment(number, OVERRIDE, "max"))).toBe("+1");
  const shown = (await app.checks(sha)).at(-1);
  expect(shown).toMatchObject({
    conclusion: "success",
    title: "Overridden by @max: customers wait for it",
  });
  expect(await conclusions(sha)).toEqual(["failure", "success"]);
  expect(await tryMerge(app.emulator, olga, number)).toMatchObject({ kind: "merged" });
}, 30_000);
