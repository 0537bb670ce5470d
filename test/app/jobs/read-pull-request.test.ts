import { expect, test } from "@jest/globals";
import { readPullRequest } from "../../../src/app/jobs/read-pull-request.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import { A_REPO, aConfigFile, aJobWorld, CARELESS, PROMPT, pullRequestOf } from "../../build/job-world.ts";

/** A default branch and a release branch that have gone their own ways since they parted, and a change of the latter. */
function aReleaseWorld(bases: string[]) {
  const world = aJobWorld({ files: { [CONFIG_PATH]: aConfigFile({ gate: { bases } }) } });
  const { git } = world.gitHub;
  const parted = git.branches.get("main") ?? "";
  git.branches.set("release", parted);
  const release = git.commit("release", { "README.md": "# Release\n" }, "olga");
  const number = world.propose({ [PROMPT]: CARELESS }, { base: { branch: "release", sha: release } });
  git.commit("main", { "README.md": "# Main\n" }, "olga");
  return { world, parted, release, pullRequest: pullRequestOf(world.gitHub, number) };
}

test("the baseline is where the change and the default branch parted", async () => {
  const { world, parted, release, pullRequest } = aReleaseWorld(["main"]);
  const read = await readPullRequest(world.gitHub.repository, A_REPO, pullRequest, world.deps);
  expect(read).toMatchObject({ kind: "configured", baseSha: parted, baseBranch: "main" });
  expect(read.kind === "configured" && read.targetTree.commit).toBe(release);
});

test("a base that is gated against its own tip is the baseline's branch", async () => {
  const { world, release, pullRequest } = aReleaseWorld(["release"]);
  const read = await readPullRequest(world.gitHub.repository, A_REPO, pullRequest, world.deps);
  expect(read).toMatchObject({ baseSha: release, baseBranch: "release", defaultBranch: "main" });
});

test("the head cannot choose its own baseline", async () => {
  const { world, parted, pullRequest } = aReleaseWorld(["main"]);
  const files = { [CONFIG_PATH]: aConfigFile({ gate: { bases: ["release"] } }) };
  const sha = world.gitHub.git.commit(pullRequest.head.branch, files, "olga");
  const changed = { ...pullRequest, head: { ...pullRequest.head, sha } };
  expect(await readPullRequest(world.gitHub.repository, A_REPO, changed, world.deps)).toMatchObject({
    baseSha: parted,
    baseBranch: "main",
  });
});

test("a base branch that was deleted meanwhile leaves the default branch as the only protector", async () => {
  const { world, pullRequest } = aReleaseWorld(["release"]);
  world.gitHub.git.branches.delete("release");
  const read = await readPullRequest(world.gitHub.repository, A_REPO, pullRequest, world.deps);
  expect(read.kind === "configured" && read.targetTree === read.defaultTree).toBe(true);
});

test("a default branch without configuration asks for nothing, whatever the head holds", async () => {
  const world = aJobWorld({ files: { [CONFIG_PATH]: undefined } });
  const number = world.propose({ [CONFIG_PATH]: aConfigFile() });
  const pullRequest = pullRequestOf(world.gitHub, number);
  const read = await readPullRequest(world.gitHub.repository, A_REPO, pullRequest, world.deps);
  expect(read).toEqual({ kind: "not_configured" });
});
