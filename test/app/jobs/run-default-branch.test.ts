import { describe, expect, test } from "@jest/globals";
import { runGatePullRequest } from "../../../src/app/jobs/gate-pull-request.ts";
import type { RunDefaultBranch } from "../../../src/app/jobs/job.ts";
import { runDefaultBranchSuite } from "../../../src/app/jobs/run-default-branch.ts";
import type { AskModel } from "../../../src/core/agent/chat.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import type { FileChanges } from "../../build/fake-git.ts";
import {
  A_REPO,
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
import { aReadableLog } from "../../build/log.ts";
import { anOutage, says } from "../../build/models.ts";

const JOB: RunDefaultBranch = {
  kind: "run-default-branch",
  installationId: 77,
  owner: "acme",
  repo: "support-agent",
};
const INCIDENT = "evals/incidents/known.yml";
const OF_INCIDENT = aFixtureText({ id: "known", issue: 42, source: { kind: "incident" } });

/** Counts the trials that a model begins. */
function counted(ask: AskModel): { readonly ask: AskModel; readonly trials: () => number } {
  let begun = 0;
  return {
    ask(request, signal) {
      begun += request.turns.length === 1 ? 1 : 0;
      return ask(request, signal);
    },
    trials: () => begun,
  };
}

/** Runs the default branch after these files came to it, and answers what the log said of incidents. */
async function pushed(world: JobWorld, files: FileChanges = {}): Promise<readonly string[]> {
  if (Object.keys(files).length > 0) world.gitHub.git.commit("main", files, "olga");
  const log = aReadableLog();
  await runDefaultBranchSuite(JOB, aTurn(), { ...world.deps, log: log.log });
  return log
    .lines()
    .flatMap(({ changes }) => (Array.isArray(changes) ? changes : []))
    .map(({ kind, issue, fixture }) => `${kind} ${fixture} #${issue}`);
}

async function standingOf(world: JobWorld) {
  const results = await world.deps.branchResults.searchResults(A_REPO);
  return results.map(({ fixtureId, outcome }) => `${fixtureId} ${outcome}`);
}

async function heldOf(world: JobWorld) {
  return (await world.records.heldFixtures.searchHeld(A_REPO)).map(({ fixtureId }) => fixtureId);
}

describe("a push to the default branch", () => {
  test("runs the suite once, and what passes must hold from then on", async () => {
    const model = counted(REFUNDS_UNLESS_TOLD);
    const world = aJobWorld({ model: model.ask });
    await pushed(world, {
      "evals/golden/refunds.yml": aFixtureText({
        id: "refunds",
        expect: { output: { must_contain: ["refunded"] } },
      }),
    });
    expect(await standingOf(world)).toEqual(["asks-first passed", "refunds failed"]);
    expect(await heldOf(world)).toEqual(["asks-first"]);
    expect(model.trials()).toBe(6);
  });

  test("pays for nothing that is known of the very same agent and fixture, and again after a day", async () => {
    const model = counted(REFUNDS_UNLESS_TOLD);
    const world = aJobWorld({ model: model.ask });
    await pushed(world);
    await pushed(world, { "README.md": "# Hello\n" });
    expect(model.trials()).toBe(5);
    await pushed(world, { [PROMPT]: `${CAREFUL}Be kind.\n` });
    expect(model.trials()).toBe(10);
    const tomorrow = () => new Date("2026-11-22T10:30:00Z");
    await runDefaultBranchSuite(JOB, aTurn(), { ...world.deps, now: tomorrow });
    expect(model.trials()).toBe(15);
  });

  test("runs what matters most first, and stops where the money ends", async () => {
    const asked: string[] = [];
    const world = aJobWorld({
      files: {
        [CONFIG_PATH]: aConfigFile({ gate: { max_cost_usd: 0.000_001 } }),
        "evals/a.yml": aFixtureText({ id: "a", level: "warning" }),
      },
      model: async ({ turns }) => {
        asked.push(JSON.stringify(turns));
        return says("I ask.");
      },
    });
    await pushed(world);
    expect(await standingOf(world)).toEqual([]);
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  test("in an outage changes nothing that is known", async () => {
    let isDown = false;
    const world = aJobWorld({
      model: async (request, signal) => {
        if (isDown) throw anOutage();
        return await REFUNDS_UNLESS_TOLD(request, signal);
      },
    });
    await pushed(world);
    isDown = true;
    await pushed(world, { [PROMPT]: CARELESS });
    expect(await standingOf(world)).toEqual(["asks-first passed"]);
  });

  test.each<[string, FileChanges]>([
    ["without configuration", { [CONFIG_PATH]: undefined }],
    ["with a broken configuration", { [CONFIG_PATH]: "version: 7\n" }],
  ])("%s runs nothing", async (_what, files) => {
    const model = counted(REFUNDS_UNLESS_TOLD);
    const world = aJobWorld({ model: model.ask });
    await pushed(world, files);
    expect(model.trials()).toBe(0);
  });

  test("is waited for while GitHub shows what was there before, and not for ever", async () => {
    const world = aJobWorld();
    const { log } = aReadableLog();
    const job = { ...JOB, before: world.gitHub.git.branches.get("main") };
    const deps = { ...world.deps, log };
    await expect(runDefaultBranchSuite(job, aTurn(), deps)).rejects.toMatchObject({ retryAfterMs: 3_000 });
    await runDefaultBranchSuite(job, aTurn(new Date("2026-11-21T09:00:00Z")), deps);
    expect(await standingOf(world)).toEqual(["asks-first passed"]);
  });

  test("without a model key runs nothing", async () => {
    const world = aJobWorld({ model: undefined });
    await pushed(world);
    expect(await standingOf(world)).toEqual([]);
  });
});

describe("the incident of a fixture", () => {
  test("is fixed at its first pass, and told when it fails again, each once", async () => {
    const world = aJobWorld({ files: { [PROMPT]: CARELESS, [INCIDENT]: OF_INCIDENT } });
    expect(await pushed(world)).toEqual([]);
    expect(await pushed(world, { [PROMPT]: CAREFUL })).toEqual(["fixed known #42"]);
    expect(await pushed(world, { [PROMPT]: `${CAREFUL}Be kind.\n` })).toEqual([]);
    expect(await pushed(world, { [PROMPT]: CARELESS })).toEqual(["fails_again known #42"]);
    expect(await pushed(world, { [PROMPT]: `${CARELESS}Be quick.\n` })).toEqual([]);
    const known = (await world.deps.branchResults.searchResults(A_REPO)).find(({ issue }) => issue === 42);
    expect(known).toMatchObject({ outcome: "failed", firstPassedAt: expect.any(Date) });
  });
});

describe("what the default branch came to is the baseline of a pull request", () => {
  const gate = async (world: JobWorld, number: number) => {
    await runGatePullRequest(aGateJob(number), aTurn(), world.deps);
    const { sha } = pullRequestOf(world.gitHub, number).head;
    return [...world.gitHub.checkList.values()].find(({ headSha }) => headSha === sha);
  };

  test("so that a pass costs no baseline, and a failure as much of one as the head took", async () => {
    const model = counted(REFUNDS_UNLESS_TOLD);
    const world = aJobWorld({ model: model.ask });
    await pushed(world);
    const known = model.trials();
    const check = await gate(world, world.propose({ [PROMPT]: CARELESS }));
    expect(check).toMatchObject({ title: "Blocked: 1 of 1 fixture regressed" });
    expect(check?.summary).toContain("and passed 5 of 5 on 2026-11-21 at 10:00 UTC");
    expect(model.trials() - known).toBe(2);
  });

  test("and where it fails now although nothing of it changed, the provider has, and no pull request is blamed", async () => {
    let hasDrifted = false;
    const world = aJobWorld({
      model: (request, signal) =>
        REFUNDS_UNLESS_TOLD(hasDrifted ? { ...request, system: [] } : request, signal),
    });
    await pushed(world);
    hasDrifted = true;
    const check = await gate(world, world.propose({ [PROMPT]: `${CAREFUL}Be kind.\n` }));
    expect(check).toMatchObject({ title: "Blocked: 1 of 1 fixture unstable" });
    expect(check?.summary).toContain("what stands behind the model may have changed");
  });
});

describe("open pull requests are judged again", () => {
  test.each([
    { what: "a fixture came", files: { [INCIDENT]: OF_INCIDENT }, again: [1] },
    { what: "only other files changed", files: { "README.md": "# Hi\n" }, again: [] },
  ])("where $what: $again", async ({ files, again }) => {
    const world = aJobWorld();
    await pushed(world);
    world.propose({ [PROMPT]: CARELESS });
    const old = world.propose({ "README.md": "# Old\n" });
    world.change(old, { updatedAt: new Date("2026-09-01T00:00:00Z") });
    world.queued.length = 0;
    await pushed(world, files);
    expect(world.queued.map(({ job }) => ("pullRequest" in job ? job.pullRequest : job.kind))).toEqual(again);
  });
});
