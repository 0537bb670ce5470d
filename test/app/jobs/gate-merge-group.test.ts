import { describe, expect, test } from "@jest/globals";
import {
  clearUpGateMergeGroup,
  runEndMergeGroup,
  runGateMergeGroup,
} from "../../../src/app/jobs/gate-merge-group.ts";
import type { EndMergeGroup, GateMergeGroup } from "../../../src/app/jobs/job.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import type { FileChanges } from "../../build/fake-git.ts";
import {
  A_REPO,
  aFixtureText,
  aJobWorld,
  aTurn,
  CAREFUL,
  CARELESS,
  type JobWorld,
  PROMPT,
  pullRequestOf,
  REFUNDS_UNLESS_TOLD,
} from "../../build/job-world.ts";

const PLACE = { installationId: 77, owner: "acme", repo: "support-agent" };
const REGRESSION = { [PROMPT]: CARELESS };
const WORDING = { [PROMPT]: `${CAREFUL}Be kind.\n` };
const HELD = ["blocking: success", "warning: success"];
const REGRESSED = ["blocking: failure", "warning: neutral"];
const CANCELLED = ["blocking: cancelled", "warning: cancelled"];

/** A group of the merge queue with these changes on top of `main`, or of another group. */
function aGroup(world: JobWorld, files: FileChanges, on?: string): GateMergeGroup {
  const { git } = world.gitHub;
  const baseSha = on ?? git.branches.get("main") ?? "";
  const headSha = git.write([baseSha], files, "github-merge-queue[bot]");
  const headRef = `refs/heads/gh-readonly-queue/main/pr-7-${baseSha}`;
  return { kind: "gate-merge-group", ...PLACE, headSha, headRef, baseSha, baseRef: "refs/heads/main" };
}

function endOf({ headSha }: GateMergeGroup): EndMergeGroup {
  return { kind: "end-merge-group", ...PLACE, headSha };
}

async function gate(world: JobWorld, job: GateMergeGroup): Promise<readonly string[]> {
  await runGateMergeGroup(job, aTurn(), world.deps);
  return world.checksOn(job.headSha);
}

async function stateOf(world: JobWorld, { headSha }: GateMergeGroup): Promise<string | undefined> {
  const run = await world.deps.standaloneRuns.fetchRun({
    repo: A_REPO,
    kind: "merge_group",
    subject: headSha,
  });
  return run?.state;
}

describe("a merge group", () => {
  test.each([
    { what: "keeps what the agent does", files: WORDING, checks: HELD },
    { what: "makes the agent refund without asking", files: REGRESSION, checks: REGRESSED },
    { what: "touches nothing of the agent", files: { "README.md": "# Hello\n" }, checks: HELD },
    {
      what: "breaks the configuration",
      files: { [CONFIG_PATH]: "version: 7\n" },
      checks: ["blocking: failure", "warning: action_required"],
    },
  ])("that $what gets $checks on its own commit", async ({ files, checks }) => {
    const world = aJobWorld();
    const group = aGroup(world, files);
    expect(await gate(world, group)).toEqual(checks);
    expect(await stateOf(world, group)).toBe("completed");
  });

  test("says which pull requests it holds, and offers no button that the queue would not wait for", async () => {
    const world = aJobWorld();
    const group = aGroup(world, REGRESSION);
    await gate(world, group);
    const check = [...world.gitHub.checkList.values()][0];
    expect(check?.summary).toMatch(/^This is a group of the merge queue: #7 on top of `main`/);
    expect(check?.actions).toBeUndefined();
  });

  test("is compared with the group that it stands on, whose fault is not its own", async () => {
    const world = aJobWorld();
    const first = aGroup(world, REGRESSION);
    const second = aGroup(world, { "README.md": "# Hello\n" }, first.headSha);
    expect(await gate(world, second)).toEqual(HELD);
    const third = aGroup(world, { "agent/model.yml": "model: claude-haiku-4-5\n" }, first.headSha);
    await gate(world, third);
    const said = [...world.gitHub.checkList.values()].find(({ headSha }) => headSha === third.headSha);
    expect(said?.summary).toContain("unresolved");
  });

  test("of a repository without configuration gets no check, as its pull requests get none", async () => {
    const world = aJobWorld({ files: { [CONFIG_PATH]: undefined } });
    expect(await gate(world, aGroup(world, REGRESSION))).toEqual([]);
  });

  test("of a branch that is not gated against itself is compared with the default branch", async () => {
    const world = aJobWorld();
    const { git } = world.gitHub;
    git.branches.set("lenient", git.branches.get("main") ?? "");
    const lenient = git.commit(
      "lenient",
      { ...REGRESSION, "evals/golden/asks-first.yml": undefined },
      "olga",
    );
    const group = { ...aGroup(world, { "README.md": "# Hi\n" }, lenient), baseRef: "refs/heads/lenient" };
    expect(await gate(world, group)).toContain("blocking: failure");
  });

  test("that was decided is not run again for another event, and is not paid for again when telling failed", async () => {
    let asked = 0;
    const world = aJobWorld({
      model: (request, signal) => {
        asked += 1;
        return REFUNDS_UNLESS_TOLD(request, signal);
      },
    });
    const group = aGroup(world, REGRESSION);
    const { gitHub } = world;
    const { updateCheck } = gitHub.checks;
    let fails = true;
    const checks = {
      ...gitHub.checks,
      updateCheck: async (...check: Parameters<typeof updateCheck>) => {
        if (fails && check[1].state.kind === "completed") throw new Error("killed");
        await updateCheck(...check);
      },
    };
    const deps = { ...world.deps, connect: async () => Object.assign(Object.create(gitHub), { checks }) };
    await expect(runGateMergeGroup(group, aTurn(), deps)).rejects.toThrow("killed");
    const paid = asked;
    fails = false;
    await runGateMergeGroup(group, aTurn(), deps);
    expect(world.checksOn(group.headSha)).toEqual(REGRESSED);
    await runGateMergeGroup(group, aTurn(), deps);
    expect(asked).toBe(paid);
  });

  test("whose evaluation was given up is closed as failed", async () => {
    const world = aJobWorld();
    const group = aGroup(world, WORDING);
    await clearUpGateMergeGroup(
      group,
      { kind: "outage", system: "GitHub", message: "it is down" },
      aTurn(),
      world.deps,
    );
    expect(world.checksOn(group.headSha)).toEqual(["blocking: failure", "warning: action_required"]);
    expect(await stateOf(world, group)).toBe("completed");
  });
});

describe("a merge group that the queue lets go of", () => {
  test("while it runs stops costing, and its checks are closed", async () => {
    const world = aJobWorld({
      model: async (request, signal) => {
        await runEndMergeGroup(endOf(group), aTurn(), world.deps);
        return await REFUNDS_UNLESS_TOLD(request, signal);
      },
    });
    const group = aGroup(world, REGRESSION);
    expect(await gate(world, group)).toEqual(CANCELLED);
    expect(await stateOf(world, group)).toBe("cancelled");
  });

  test("before anybody heard of it is not run at all", async () => {
    const world = aJobWorld();
    const group = aGroup(world, REGRESSION);
    await runEndMergeGroup(endOf(group), aTurn(), world.deps);
    expect(await gate(world, group)).toEqual([]);
    await clearUpGateMergeGroup(group, { kind: "no_model_key" }, aTurn(), world.deps);
    expect(world.checksOn(group.headSha)).toEqual([]);
  });

  test("after it was decided keeps what it came to", async () => {
    const world = aJobWorld();
    const group = aGroup(world, WORDING);
    await gate(world, group);
    await runEndMergeGroup(endOf(group), aTurn(), world.deps);
    expect(world.checksOn(group.headSha)).toEqual(HELD);
  });
});

test("a fixture that the default branch got meanwhile protects against a group too", async () => {
  const world = aJobWorld({ files: { "evals/golden/asks-first.yml": undefined } });
  const group = aGroup(world, REGRESSION);
  world.gitHub.git.commit("main", { "evals/golden/asks-first.yml": aFixtureText() }, "olga");
  expect(await gate(world, group)).toContain("blocking: failure");
});

describe("what was decided on the pull request of a group", () => {
  const WEAKER = { "evals/golden/asks-first.yml": aFixtureText({ level: "warning", owner: "@olga" }) };
  const OWNED = { "evals/golden/asks-first.yml": aFixtureText({ owner: "@olga" }) };
  const at = new Date("2026-11-21T09:00:00Z");

  /** A pull request with these changes, and groups of it and of others. */
  function aQueued(files: FileChanges, others: readonly number[] = []) {
    const world = aJobWorld({ files: OWNED });
    const number = world.propose(files, { author: "wanda" });
    const refs = [number, ...others].map((one) => `pr-${one}-`).join("");
    const headRef = `refs/heads/gh-readonly-queue/main/${refs}0`;
    const { head } = pullRequestOf(world.gitHub, number);
    return { world, number, headSha: head.sha, group: { ...aGroup(world, files), headRef } };
  }

  test.each([
    { what: "approved by its owner", approved: true, others: [], conclusion: "success" },
    { what: "approved by nobody", approved: false, others: [], conclusion: "failure" },
    { what: "approved, and queued with another", approved: true, others: [99], conclusion: "failure" },
  ])("a weakened fixture, $what: $conclusion", async ({ approved, others, conclusion }) => {
    const { world, number, headSha, group } = aQueued(WEAKER, others);
    const review = { id: 5, author: "olga", state: "approved", commit: headSha, at } as const;
    if (approved) world.gitHub.reviewList.push({ pullRequest: number, review });
    await gate(world, group);
    const guard = [...world.gitHub.checkList.values()].find(
      ({ name }) => name === "incident-to-eval / guard",
    );
    expect(guard).toMatchObject({ headSha: group.headSha, state: { kind: "completed", conclusion } });
  });

  test.each([
    { what: "on its commit", isSame: true, others: [], checks: "blocking: success" },
    { what: "on another commit", isSame: false, others: [], checks: "blocking: failure" },
    { what: "and queued with another", isSame: true, others: [99], checks: "blocking: failure" },
  ])("an override $what gives $checks", async ({ isSame, others, checks }) => {
    const { world, number, headSha, group } = aQueued(REGRESSION, others);
    await world.deps.decisions.saveDecision({
      kind: "override",
      id: "o1",
      repo: A_REPO,
      actor: "olga",
      as: "admin",
      reason: "The campaign ends tonight.",
      at,
      pullRequest: number,
      headSha: isSame ? headSha : "f".repeat(40),
      base: "main",
      hides: [
        { check: "incident-to-eval / blocking", on: "fixture asks-first", says: "regressed" },
        { check: "incident-to-eval / warning", on: "fixture asks-first", says: "regressed" },
      ],
      expiresAt: new Date("2026-11-28T09:00:00Z"),
    });
    expect(await gate(world, group)).toContain(checks);
  });
});
