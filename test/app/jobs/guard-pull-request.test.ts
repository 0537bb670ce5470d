import { beforeEach, describe, expect, test } from "@jest/globals";
import { clearUpGatePullRequest, runGatePullRequest } from "../../../src/app/jobs/gate-pull-request.ts";
import type { GateCause } from "../../../src/app/jobs/job.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import type { Review } from "../../../src/core/guard/review.ts";
import { CHECK_NAMES } from "../../../src/core/report/check-run.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import {
  aConfigFile,
  aFixtureText,
  aGateJob,
  aJobWorld,
  aTurn,
  CARELESS,
  type JobWorld,
  PROMPT,
  pullRequestOf,
  REFUNDS_UNLESS_TOLD,
} from "../../build/job-world.ts";
import { anOutage } from "../../build/models.ts";

const FIXTURE = "evals/golden/asks-first.yml";
const OWNED = { owner: "@acme/support-platform" };
const LENIENT = aFixtureText({ ...OWNED, expect: { stop_reason: "completed" } });

let world: JobWorld;
/** How often the agent's model was asked. */
let asked: number;

beforeEach(() => {
  open({ [FIXTURE]: aFixtureText(OWNED) });
});

function open(files: Readonly<Record<string, string>>): void {
  asked = 0;
  world = aJobWorld({
    files,
    model: async (...request) => {
      asked += 1;
      return REFUNDS_UNLESS_TOLD(...request);
    },
  });
  const { memberships } = world.gitHub;
  for (const login of ["tom", "wanda"]) memberships.set(`@acme/support-platform ${login}`, "member");
  memberships.set("@acme/release-authority max", "member");
}

const gate = (pullRequest: number, cause?: GateCause) =>
  runGatePullRequest(aGateJob(pullRequest, cause), aTurn(), world.deps);

function reviewed(pullRequest: number, author: string, change: Partial<Review> = {}): GateCause {
  const id = world.gitHub.nextNumber();
  const commit = pullRequestOf(world.gitHub, pullRequest).head.sha;
  const at = new Date("2026-11-21T11:00:00Z");
  world.gitHub.reviewList.push({
    pullRequest,
    review: { id, author, state: "approved", commit, at, ...change },
  });
  return { kind: "reviewed", review: id, dismissed: false };
}

function newest(sha: string, kind: keyof typeof CHECK_NAMES) {
  const found = [...world.gitHub.checkList.values()].findLast(
    ({ headSha, name }) => headSha === sha && name === CHECK_NAMES[kind],
  );
  if (found === undefined) throw new Error(`no ${kind} check on ${sha}`);
  const state = found.state.kind === "completed" ? found.state.conclusion : found.state.kind;
  return { state, title: found.title, summary: found.summary };
}

function statesOn(number: number) {
  const { sha } = pullRequestOf(world.gitHub, number).head;
  const of = (kind: keyof typeof CHECK_NAMES) => newest(sha, kind);
  return { blocking: of("blocking"), warning: of("warning"), guard: of("guard") };
}

test("a pull request that weakens nothing has a green guard, and nobody is asked for reviews", async () => {
  const number = world.propose({ "README.md": "More.\n" });
  world.gitHub.pullRequests.fetchReviews = async () => {
    throw new Error("reviews were asked for");
  };
  await gate(number);
  expect(statesOn(number).guard).toMatchObject({ state: "success", title: "Nothing is weakened" });
});

describe("a fixture that is weakened", () => {
  test("needs its owner, says so, and is no way round the version on the base", async () => {
    const number = world.propose({ [FIXTURE]: LENIENT, [PROMPT]: CARELESS });
    await gate(number);
    const { blocking, guard } = statesOn(number);
    expect(guard).toMatchObject({ state: "failure", title: "Needs approval: asks-first is weakened" });
    expect(guard.summary).toContain("@acme/support-platform");
    expect(blocking).toMatchObject({ state: "failure", title: expect.stringContaining("regressed") });
  });

  test("is let through by its owner without a call of the model, and what its old version says is listed", async () => {
    const number = world.propose({ [FIXTURE]: LENIENT, [PROMPT]: CARELESS });
    await gate(number);
    const before = asked;
    await gate(number, reviewed(number, "tom"));
    const { blocking, guard } = statesOn(number);
    expect(guard).toMatchObject({ state: "success", title: "Approved: asks-first is weakened" });
    expect(blocking.state).toBe("success");
    expect(blocking.summary).toContain("change approved");
    expect(asked).toBe(before);
  });

  test("is green at once where its owner approved before the checks ran", async () => {
    const number = world.propose({ [FIXTURE]: LENIENT });
    reviewed(number, "tom");
    await gate(number);
    expect(statesOn(number)).toMatchObject({ guard: { state: "success" }, blocking: { state: "success" } });
  });

  test.each([
    ["somebody else approves", "rita", {}],
    ["the author does, who is one of the owners", "wanda", {}],
    ["the owner approved another commit", "tom", { commit: "0".repeat(40) }],
    ["the owner asks for changes", "tom", { state: "changes_requested" }],
  ] as const)("stays red where %s", async (_, login, change) => {
    const number = world.propose({ [FIXTURE]: LENIENT }, { author: "wanda" });
    await gate(number);
    await gate(number, reviewed(number, login, change));
    expect(statesOn(number)).toMatchObject({
      guard: { state: "failure" },
      blocking: { state: "failure", title: "Blocked: asks-first is weakened without approval" },
    });
  });

  test("is red again once the approval is dismissed, and a push asks anew", async () => {
    const number = world.propose({ [FIXTURE]: LENIENT });
    await gate(number);
    await gate(number, reviewed(number, "tom"));
    expect(statesOn(number).guard.state).toBe("success");
    const { id } = world.gitHub.reviewList.at(-1)?.review ?? { id: 0 };
    world.gitHub.reviewList.length = 0;
    reviewed(number, "tom", { id, state: "dismissed" });
    await gate(number, { kind: "reviewed", review: id, dismissed: true });
    expect(statesOn(number)).toMatchObject({ guard: { state: "failure" }, blocking: { state: "failure" } });
    await gate(number, reviewed(number, "tom"));
    expect(statesOn(number).guard.state).toBe("success");
    await world.push(number, { "README.md": "More.\n" });
    await gate(number, { kind: "synchronize" });
    expect(statesOn(number).guard.state).toBe("failure");
  });

  test("waits for a review that GitHub does not show yet", async () => {
    const number = world.propose({ [FIXTURE]: LENIENT });
    await gate(number);
    await expect(gate(number, { kind: "reviewed", review: 999, dismissed: false })).rejects.toThrow(
      "does not show the review 999",
    );
  });

  test("stays as it is where a review could not be heard at all", async () => {
    const number = world.propose({ [FIXTURE]: LENIENT });
    await gate(number);
    const before = statesOn(number);
    const job = aGateJob(number, reviewed(number, "tom"));
    await clearUpGatePullRequest(job, { kind: "fault", reference: "x" }, aTurn(), world.deps);
    expect(statesOn(number)).toEqual(before);
  });

  test("a team that nobody may look into approves nothing, and it is said", async () => {
    const number = world.propose({ [FIXTURE]: LENIENT });
    world.gitHub.memberships.set("@acme/support-platform tom", "unreadable");
    reviewed(number, "tom");
    await gate(number);
    const { guard } = statesOn(number);
    expect(guard.state).toBe("failure");
    expect(guard.summary).toContain("does not let the app see who is in");
  });

  test("a failure of GitHub on the way is tried again and approves nothing", async () => {
    const number = world.propose({ [FIXTURE]: LENIENT });
    await gate(number);
    const cause = reviewed(number, "tom");
    world.gitHub.people.fetchMembership = async () => {
      throw new ExternalFailure("GitHub is away", { system: "github", retryable: true });
    };
    await expect(gate(number, cause)).rejects.toThrow("GitHub is away");
    expect(statesOn(number).guard.state).toBe("failure");
  });
});

describe("who approves instead of the owner", () => {
  const OVERRIDE = { override: { warning: "write", blocking: ["@acme/release-authority"] } };

  test.each([
    ["nobody owns it", undefined, "olga", "max"],
    ["its owner is no party", "Support", "olga", "max"],
    ["a role is named for its owner", "write", "olga", "max"],
    ["the author owns it", "@wanda", "wanda", "max"],
    ["its owner may do nothing here", "@otto", "olga", "max"],
    ["the author is in the team that owns it", "@acme/support-platform", "wanda", "max"],
    [
      "the author is in the team that owns it, and another of them approves",
      "@acme/support-platform",
      "wanda",
      "tom",
    ],
  ])("where %s", async (_, owner, author, approving) => {
    open({ [FIXTURE]: aFixtureText({ owner }), [CONFIG_PATH]: aConfigFile(OVERRIDE) });
    const number = world.propose({ [FIXTURE]: aFixtureText({ owner, level: "exploratory" }) }, { author });
    await gate(number);
    expect(statesOn(number).guard.state).toBe("failure");
    await gate(number, reviewed(number, "rita"));
    expect(statesOn(number).guard.state).toBe("failure");
    await gate(number, reviewed(number, approving));
    expect(statesOn(number)).toMatchObject({ guard: { state: "success" }, blocking: { state: "success" } });
  });

  test("those who may override do not stand in for an owner who can be asked", async () => {
    open({ [FIXTURE]: aFixtureText({ owner: "@tom" }), [CONFIG_PATH]: aConfigFile(OVERRIDE) });
    const number = world.propose({ [FIXTURE]: aFixtureText({ owner: "@tom", level: "warning" }) });
    reviewed(number, "max");
    await gate(number);
    expect(statesOn(number).guard.state).toBe("failure");
    await gate(number, reviewed(number, "tom"));
    expect(statesOn(number).guard.state).toBe("success");
  });

  test("an administrator, where nobody is named", async () => {
    open({ [FIXTURE]: aFixtureText() });
    const number = world.propose({ [FIXTURE]: aFixtureText({ level: "warning" }) }, { author: "wanda" });
    reviewed(number, "max");
    await gate(number);
    expect(statesOn(number).guard.state).toBe("failure");
    await gate(number, reviewed(number, "olga"));
    expect(statesOn(number).guard.state).toBe("success");
  });

  test("a pull request does not name who approves it", async () => {
    open({ [FIXTURE]: aFixtureText(), [CONFIG_PATH]: aConfigFile(OVERRIDE) });
    const more = { override: { warning: "write", blocking: ["@tom"] } };
    const number = world.propose(
      { [FIXTURE]: aFixtureText({ owner: "@tom", level: "warning" }), [CONFIG_PATH]: aConfigFile(more) },
      { author: "wanda" },
    );
    reviewed(number, "tom");
    await gate(number);
    const { guard } = statesOn(number);
    expect(guard).toMatchObject({
      state: "failure",
      title: "Needs approval: 1 fixture and the configuration are weakened",
    });
  });
});

test("the owner is the one that the default branch names now, not the one of an old base", async () => {
  open({ [FIXTURE]: aFixtureText({ owner: "@rita" }) });
  const number = world.propose({ [FIXTURE]: aFixtureText({ owner: "@rita", level: "warning" }) });
  await world.people.commit("main", { [FIXTURE]: aFixtureText({ owner: "@tom" }) });
  reviewed(number, "rita");
  await gate(number);
  expect(statesOn(number).guard.state).toBe("failure");
  await gate(number, reviewed(number, "tom"));
  expect(statesOn(number).guard.state).toBe("success");
});

test("an approval that was given to the comparison with another branch counts for no other", async () => {
  open({
    [FIXTURE]: aFixtureText(OWNED),
    [CONFIG_PATH]: aConfigFile({ gate: { bases: ["lenient"] } }),
  });
  world.gitHub.git.branches.set("lenient", world.gitHub.git.branches.get("main") ?? "");
  await world.people.commit("lenient", { "README.md": "Lenient.\n" });
  const number = world.propose(
    { [FIXTURE]: aFixtureText({ ...OWNED, level: "warning" }) },
    { base: { sha: "", branch: "lenient" } },
  );
  await gate(number);
  await gate(number, reviewed(number, "tom", { at: new Date("2026-11-21T10:00:05Z") }));
  const { head, base } = pullRequestOf(world.gitHub, number);
  world.change(number, { base: { ...base, branch: "main" } });
  await gate(number, { kind: "retargeted" });
  expect(newest(head.sha, "guard").state).toBe("failure");
  await gate(number, reviewed(number, "tom", { at: new Date("2026-11-21T12:00:00Z") }));
  expect(newest(head.sha, "guard").state).toBe("success");
});

test("a fork whose suite nobody let run yet is guarded all the same, and its approval runs nothing", async () => {
  const number = world.propose({ [FIXTURE]: LENIENT }, { fromFork: true, author: "otto" });
  await gate(number);
  expect(statesOn(number).guard.state).toBe("failure");
  await gate(number, reviewed(number, "tom"));
  expect(statesOn(number)).toMatchObject({ guard: { state: "success" }, blocking: { state: "failure" } });
  expect(asked).toBe(0);
});

test("a review of a commit that an outage left undecided asks for no further attempt", async () => {
  const lenient = aFixtureText({ level: "warning" });
  const away = async () => {
    throw anOutage();
  };
  world = aJobWorld({ model: away });
  const number = world.propose(
    { "evals/golden/asks-first.yml": lenient, [PROMPT]: CARELESS },
    { author: "wanda" },
  );
  await gate(number);
  expect(world.queued).toHaveLength(1);
  await gate(number, reviewed(number, "olga"));
  expect(statesOn(number).guard.state).toBe("success");
  expect(world.queued).toHaveLength(1);
});
