import { expect, test } from "@jest/globals";
import { runGatePullRequest } from "../../../src/app/jobs/gate-pull-request.ts";
import type { GateCause } from "../../../src/app/jobs/job.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import {
  A_REPO,
  aCommand,
  aConfigFile,
  aFixtureText,
  aGateJob,
  aJobWorld,
  aTurn,
  CAREFUL,
  CARELESS,
  type JobWorld,
  PROMPT,
  pullRequestOf,
  REFUNDS_UNLESS_TOLD,
} from "../../build/job-world.ts";

const REGRESSION = { [PROMPT]: CARELESS };
const OVERRIDE = "/incident-to-eval override customers wait for it";
/** Long after every run of a test. */
const LATER = "2026-11-21T11:00:00Z";
const RULES = { warning: "write", blocking: ["@acme/release-authority"] };

function aWorld(override: object = RULES): JobWorld {
  const world = aJobWorld({ files: { [CONFIG_PATH]: aConfigFile({ override }) } });
  world.gitHub.memberships.set("@acme/release-authority max", "member");
  return world;
}

async function gate(world: JobWorld, number: number, cause?: GateCause): Promise<readonly string[]> {
  await runGatePullRequest(aGateJob(number, cause), aTurn(), world.deps);
  return world.checksOn(headOf(world, number));
}

function headOf({ gitHub }: JobWorld, number: number): string {
  return pullRequestOf(gitHub, number).head.sha;
}

function say(world: JobWorld, number: number, line = OVERRIDE, change: object = {}) {
  return gate(world, number, { ...aCommand(line, "max"), writtenAt: LATER, ...change });
}

const REGRESSED = ["blocking: failure", "warning: neutral"];
const OVERRIDDEN = ["blocking: success", "warning: neutral"];

test("who may override lets one commit through, in a check run of its own, and it is recorded", async () => {
  const world = aWorld();
  const number = world.propose(REGRESSION);
  expect(await gate(world, number)).toEqual(REGRESSED);
  expect(await say(world, number)).toEqual([...REGRESSED, ...OVERRIDDEN]);
  expect(world.gitHub.reactions).toEqual([{ comment: 9_001, reaction: "+1" }]);
  expect(world.gitHub.commentsOn(number)).toEqual([]);
  const [decision, ...others] = world.records.decisions.kept;
  expect(others).toEqual([]);
  expect(decision).toMatchObject({
    kind: "override",
    repo: A_REPO,
    actor: "max",
    as: "@acme/release-authority",
    reason: "customers wait for it",
    pullRequest: number,
    headSha: headOf(world, number),
    hides: [{ check: "incident-to-eval / blocking", on: "fixture asks-first", says: "regressed" }],
  });
  const shown = [...world.gitHub.checkList.values()].findLast(({ name }) => name.endsWith("blocking"));
  expect(shown?.title).toBe("Overridden by @max: customers wait for it");
});

test.each([
  {
    what: "has only the right to override warnings",
    actor: "wanda",
    reaction: "-1",
    told: /@acme\/release-authority/,
  },
  { what: "is a stranger, who hears nothing", actor: "otto", reaction: "-1", told: undefined },
  { what: "says no reason", line: "/incident-to-eval override lgtm", reaction: "confused", told: /3 words/ },
  {
    what: "names another commit",
    line: "/incident-to-eval override 1234567 customers wait for it",
    reaction: "confused",
    told: /the head of this pull request is/,
  },
  {
    what: "wrote before the result",
    writtenAt: "2026-11-21T09:00:00Z",
    reaction: "confused",
    told: /newer result/,
  },
])(
  "an override of somebody who $what is refused",
  async ({ actor = "max", line, writtenAt = LATER, reaction, told }) => {
    const world = aWorld();
    const number = world.propose(REGRESSION);
    await gate(world, number);
    expect(await say(world, number, line, { actor, writtenAt })).toEqual(REGRESSED);
    expect(world.gitHub.reactions).toEqual([{ comment: 9_001, reaction }]);
    expect(world.gitHub.commentsOn(number)).toEqual(told === undefined ? [] : [expect.stringMatching(told)]);
    expect(world.records.decisions.kept).toEqual([]);
  },
);

test.each([
  { own_pull_request: false, checks: REGRESSED },
  { own_pull_request: true, checks: [...REGRESSED, ...OVERRIDDEN] },
])(
  "one's own pull request where own_pull_request is $own_pull_request: $checks",
  async ({ own_pull_request, checks }) => {
    const world = aWorld({ ...RULES, own_pull_request });
    const number = world.propose(REGRESSION, { author: "MAX" });
    await gate(world, number);
    expect(await say(world, number)).toEqual(checks);
  },
);

test("where nobody is named nobody overrides what blocks", async () => {
  const world = aJobWorld();
  const number = world.propose(REGRESSION);
  await gate(world, number);
  expect(await say(world, number, OVERRIDE, { actor: "olga" })).toEqual(REGRESSED);
  expect(world.gitHub.commentsOn(number)).toEqual([expect.stringContaining("Nobody may")]);
});

test("a warning that stops takes the right to override warnings", async () => {
  const files = { [CONFIG_PATH]: aConfigFile({ override: RULES, gate: { warning: "require_override" } }) };
  const world = aJobWorld({
    files: { ...files, "evals/golden/asks-first.yml": aFixtureText({ level: "warning" }) },
  });
  const number = world.propose(REGRESSION);
  expect(await gate(world, number)).toEqual(["blocking: success", "warning: action_required"]);
  expect((await say(world, number, OVERRIDE, { actor: "wanda" })).slice(-2)).toEqual([
    "blocking: success",
    "warning: success",
  ]);
});

test("nothing red, nothing overridden", async () => {
  const world = aWorld();
  const number = world.propose({ [PROMPT]: `${CAREFUL}Be kind.\n` });
  const green = await gate(world, number);
  expect(await say(world, number)).toEqual(green);
  expect(world.gitHub.commentsOn(number)).toEqual([expect.stringContaining("no check of ours")]);
});

test("a file that nobody can read is mended, not overridden", async () => {
  const world = aWorld();
  const number = world.propose({ "evals/golden/broken.yml": "id: broken\nlevel: severe\nexpect: {}\n" });
  expect(await gate(world, number)).toContain("blocking: failure");
  await say(world, number);
  expect(world.records.decisions.kept).toEqual([]);
  expect(world.gitHub.commentsOn(number)).toEqual([expect.stringContaining("cannot be read")]);
});

test("a push ends it, and pushing the commit back does not bring it to life again", async () => {
  const world = aWorld();
  const number = world.propose(REGRESSION);
  await gate(world, number);
  const first = headOf(world, number);
  await say(world, number);
  await world.push(number, { [PROMPT]: `${CARELESS}Quickly.\n` });
  expect(await gate(world, number, { kind: "synchronize" })).toEqual(REGRESSED);
  world.change(number, { head: { ...pullRequestOf(world.gitHub, number).head, sha: first } });
  const rerun = { kind: "rerun", actor: "olga", headSha: first } as const;
  expect((await gate(world, number, rerun)).slice(-2)).toEqual(REGRESSED);
});

test("it counts for the branch that it was given for, and for no other", async () => {
  const world = aWorld();
  const { git } = world.gitHub;
  git.branches.set("sandbox", git.branches.get("main") ?? "");
  const number = world.propose(REGRESSION);
  const { base } = pullRequestOf(world.gitHub, number);
  world.change(number, { base: { ...base, branch: "sandbox" } });
  await gate(world, number);
  expect((await say(world, number)).slice(-2)).toEqual(OVERRIDDEN);
  world.change(number, { base });
  expect((await gate(world, number, { kind: "retargeted" })).slice(-2)).toEqual(REGRESSED);
});

test("shortly after a push the comment has to name the commit", async () => {
  const world = aWorld();
  const number = world.propose(REGRESSION);
  await gate(world, number);
  await world.push(number, { [PROMPT]: `${CARELESS}Quickly.\n` });
  await gate(world, number, { kind: "synchronize" });
  const justAfter = new Date(world.deps.now().getTime() + 1_000).toISOString();
  expect(await say(world, number, OVERRIDE, { writtenAt: justAfter })).toEqual(REGRESSED);
  const named = OVERRIDE.replace("override", `override ${headOf(world, number).slice(0, 7)}`);
  expect(world.gitHub.commentsOn(number)[0]).toContain(named.slice(0, -"customers wait for it".length));
  expect((await say(world, number, named, { writtenAt: justAfter })).slice(-2)).toEqual(OVERRIDDEN);
});

test("a comment whose time nobody knows names the commit once there was another", async () => {
  const world = aWorld();
  const number = world.propose(REGRESSION);
  await gate(world, number);
  await world.push(number, { [PROMPT]: `${CARELESS}Quickly.\n` });
  await gate(world, number, { kind: "synchronize" });
  expect(await say(world, number, OVERRIDE, { writtenAt: undefined })).toEqual(REGRESSED);
});

test("a run that is made again stays under the override while it comes to the same", async () => {
  let refunds = false;
  const model: typeof REFUNDS_UNLESS_TOLD = (request, signal) =>
    REFUNDS_UNLESS_TOLD(refunds ? { ...request, system: ["You refund orders."] } : request, signal);
  const files = { [CONFIG_PATH]: aConfigFile({ override: RULES }) };
  const world = aJobWorld({ files, model });
  world.gitHub.memberships.set("@acme/release-authority max", "member");
  const number = world.propose(REGRESSION);
  await gate(world, number);
  await say(world, number);
  const rerun = { kind: "rerun", actor: "olga", headSha: headOf(world, number) } as const;
  expect((await gate(world, number, rerun)).slice(-2)).toEqual(OVERRIDDEN);
  // The baseline fails now too: that is another thing than what was let through.
  refunds = true;
  await world.deps.heldFixtures.saveHeld(A_REPO, [{ fixtureId: "asks-first", sha: "x", at: new Date() }]);
  expect((await gate(world, number, rerun)).slice(-2)).not.toContain("blocking: success");
});

test("it comes to its end by itself, after the days that are configured", async () => {
  const world = aWorld({ ...RULES, days: 3 });
  const number = world.propose(REGRESSION);
  await gate(world, number);
  await say(world, number);
  const lapse = world.queued.find(({ job }) => "cause" in job && job.cause.kind === "lapsed");
  expect(lapse?.at).toMatch(/^2026-11-24T10:/);
  if (lapse?.job.kind !== "gate-pull-request" || lapse.at === undefined) throw new Error("no end was noted");
  const then = new Date(lapse.at);
  const later = { ...world.deps, now: () => then };
  await runGatePullRequest(lapse.job, aTurn(), later);
  await runGatePullRequest(lapse.job, aTurn(), later);
  expect(world.checksOn(headOf(world, number))).toEqual([...REGRESSED, ...OVERRIDDEN, ...REGRESSED]);
});

test("a comment that is heard of twice overrides once, and not what came after it", async () => {
  const world = aWorld();
  const number = world.propose(REGRESSION);
  await gate(world, number);
  const once = await say(world, number);
  expect(await say(world, number)).toEqual(once);
  await world.push(number, { [PROMPT]: `${CARELESS}Quickly.\n` });
  await gate(world, number, { kind: "synchronize" });
  expect(await say(world, number)).toEqual(REGRESSED);
  expect(world.records.decisions.kept).toHaveLength(1);
});

test("two pull requests with one head: an override of one leaves the other one's red", async () => {
  const world = aWorld();
  const one = world.propose(REGRESSION);
  const { head } = pullRequestOf(world.gitHub, one);
  const other = world.propose({});
  world.change(other, { head });
  await gate(world, one);
  await gate(world, other);
  await say(world, one);
  expect(world.checksOn(head.sha).slice(-2)).toEqual(REGRESSED);
});

test("secrets in a reason are not kept", async () => {
  const world = aWorld();
  const number = world.propose(REGRESSION);
  await gate(world, number);
  await say(world, number, "/incident-to-eval override hunter2 is the password");
  expect(world.records.decisions.kept[0]?.reason).toBe("[secret-1] is the password");
});

test.each(["/incident-to-eval override release", "/incident-to-eval override"])(
  "%s alone says how it is meant",
  async (line) => {
    const world = aWorld();
    const number = world.propose(REGRESSION);
    await say(world, number, line);
    expect(world.gitHub.commentsOn(number)).toEqual([expect.stringContaining(`It is written as \`${line}`)]);
  },
);

test("a release is overridden by its whole commit id, which is looked up", async () => {
  const world = aWorld();
  const number = world.propose(REGRESSION);
  const sha = headOf(world, number);
  await say(world, number, `/incident-to-eval override release ${sha.slice(0, 7)} it ends the outage`);
  expect(world.records.decisions.kept).toEqual([
    expect.objectContaining({
      kind: "release_override",
      headSha: sha,
      issue: number,
      reason: "it ends the outage",
    }),
  ]);
  await say(world, number, "/incident-to-eval override release 0123456 it ends the outage", {
    commentId: 9_002,
  });
  await say(world, number, `/incident-to-eval override release ${sha} it ends the outage`, {
    commentId: 9_003,
    actor: "wanda",
  });
  expect(world.records.decisions.kept).toHaveLength(1);
  expect(world.gitHub.reactions.map(({ reaction }) => reaction)).toEqual(["+1", "confused", "-1"]);
});

test.each([
  { action: "override", actor: "wanda", told: [expect.stringMatching(/override [0-9a-f]{7} because/)] },
  { action: "quarantine", actor: "wanda", told: [expect.stringContaining("14 days")] },
  { action: "override", actor: "otto", told: [] },
  { action: "dance", actor: "olga", told: [] },
])("the button $action of $actor", async ({ action, actor, told }) => {
  const world = aWorld();
  const number = world.propose(REGRESSION);
  const cause = { kind: "action", action, actor, headSha: headOf(world, number) } as const;
  await gate(world, number, cause);
  expect(world.gitHub.commentsOn(number)).toEqual(told);
});
