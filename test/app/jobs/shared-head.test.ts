import { beforeEach, describe, expect, test } from "@jest/globals";
import { runGatePullRequest } from "../../../src/app/jobs/gate-pull-request.ts";
import type { GateCause } from "../../../src/app/jobs/job.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import {
  aConfigFile,
  aGateJob,
  aJobWorld,
  aTurn,
  CARELESS,
  type JobWorld,
  PROMPT,
  pullRequestOf,
  REFUNDS_UNLESS_TOLD,
} from "../../build/job-world.ts";

// The release branch refunds without asking already, so the same commit regresses main and changes nothing there.
let world: JobWorld;
let toMain: number;
let toRelease: number;
let meanwhile: (() => Promise<unknown>) | undefined;

beforeEach(() => {
  meanwhile = undefined;
  world = aJobWorld({
    files: { [CONFIG_PATH]: aConfigFile({ gate: { bases: ["release"] } }) },
    model: async (request, signal) => {
      const then = meanwhile;
      meanwhile = undefined;
      await then?.();
      return await REFUNDS_UNLESS_TOLD(request, signal);
    },
  });
  const { git } = world.gitHub;
  git.branches.set("release", git.branches.get("main") ?? "");
  const release = git.commit("release", { [PROMPT]: CARELESS }, "olga");
  const base = { branch: "release", sha: release };
  toRelease = world.propose({ "README.md": "# Released\n" }, { base });
  toMain = world.propose({});
  const { head } = pullRequestOf(world.gitHub, toRelease);
  world.change(toMain, { head });
});

async function gate(pullRequest: number, cause?: GateCause): Promise<readonly string[]> {
  await runGatePullRequest(aGateJob(pullRequest, cause), aTurn(), world.deps);
  return blocking();
}

const head = () => pullRequestOf(world.gitHub, toRelease).head.sha;

function blocking(): readonly string[] {
  return world.checksOn(head()).filter((check) => check.startsWith("blocking"));
}

function titles(): readonly string[] {
  return [...world.gitHub.checkList.values()]
    .filter(({ headSha, name }) => headSha === head() && name.endsWith("blocking"))
    .map(({ title }) => title);
}

const RED = "blocking: failure";
const GREEN = "blocking: success";

describe("two pull requests with the same head", () => {
  test("alone come to different answers", async () => {
    expect(await gate(toRelease)).toEqual([GREEN]);
    world.change(toRelease, { state: "closed" });
    expect(await gate(toMain)).toEqual([RED, RED]);
  });

  test.each([
    { first: () => toMain, second: () => toRelease },
    { first: () => toRelease, second: () => toMain },
  ])("both say the worst of the two, whichever comes last", async ({ first, second }) => {
    await gate(first());
    expect(await gate(second())).toEqual([RED, RED]);
    expect(titles()).toContain(`Blocked: #${toMain} shares this commit and is blocked`);
  });

  test("are decided while the other one is, and none is green before both are known", async () => {
    const seen: (readonly string[])[] = [];
    meanwhile = async () => seen.push(await gate(toRelease));
    const after = await gate(toMain);
    expect(seen).toEqual([["blocking: in progress", "blocking: in progress"]]);
    expect(after).toEqual([RED, RED]);
  });

  test("leave the answer of the one that stays when the other is closed in mid-run", async () => {
    await gate(toRelease);
    meanwhile = async () => {
      world.change(toMain, { state: "closed" });
      await world.records.generations.bumpGeneration("acme/support-agent", toMain);
    };
    expect(await gate(toMain)).toEqual([GREEN, GREEN]);
    expect(await gate(toMain, { kind: "closed" })).toEqual([GREEN, GREEN]);
  });

  test("free the one that stays when the blocked one is closed, and block it again when that comes back", async () => {
    await gate(toMain);
    await gate(toRelease);
    world.change(toMain, { state: "closed" });
    expect(await gate(toMain, { kind: "closed" })).toEqual([GREEN, GREEN]);
    world.change(toMain, { state: "open" });
    expect(await gate(toMain, { kind: "reopened" })).toEqual([RED, RED]);
  });

  test("leave nothing open of a run that waited for the other and was run again meanwhile", async () => {
    meanwhile = async () => {
      await gate(toRelease);
      await gate(toRelease, { kind: "rerun", actor: "olga", headSha: head() });
    };
    expect(await gate(toMain)).toEqual([RED, RED, RED]);
  });

  test("leave nothing open of a run that waited for the other when both are closed", async () => {
    meanwhile = async () => {
      await gate(toRelease);
      for (const number of [toRelease, toMain]) world.change(number, { state: "closed" });
      await gate(toRelease, { kind: "closed" });
      await world.records.generations.bumpGeneration("acme/support-agent", toMain);
    };
    expect(await gate(toMain)).toEqual(["blocking: cancelled", GREEN]);
  });

  test("free the one that stays when the blocked one moves on to another commit", async () => {
    await gate(toMain);
    await gate(toRelease);
    const { git } = world.gitHub;
    git.branches.set("moved", head());
    const sha = git.commit("moved", { "README.md": "# Moved\n" }, "olga");
    world.change(toMain, { head: { branch: "moved", sha } });
    expect(await gate(toMain, { kind: "synchronize" })).toEqual([GREEN, GREEN]);
    expect(world.checksOn(sha)).toContain(RED);
  });
});
