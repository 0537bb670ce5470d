import { describe, expect, test } from "@jest/globals";
import { supersession } from "../../../src/app/jobs/supersession.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import { TOUCHED_AT } from "../../build/fake-github.ts";
import { A_REPO, aJobWorld, type JobWorld, pullRequestOf } from "../../build/job-world.ts";
import { anOutage } from "../../build/models.ts";

/** Watches a pull request, and counts how often GitHub is asked. */
function watch(world: JobWorld, number: number) {
  const counted = { asked: 0 };
  const pullRequests = {
    fetchPullRequest: (wanted: number) => {
      counted.asked += 1;
      return world.gitHub.pullRequests.fetchPullRequest(wanted);
    },
  };
  const judged = pullRequestOf(world.gitHub, number);
  return { counted, supersededBy: supersession(A_REPO, judged, pullRequests, world.deps) };
}

function aWatchedWorld() {
  const world = aJobWorld();
  const number = world.propose({ "README.md": "# Changed\n" });
  return { world, number, ...watch(world, number) };
}

test("while nothing happens GitHub is asked once", async () => {
  const { counted, supersededBy } = aWatchedWorld();
  for (let look = 0; look < 3; look += 1) expect(await supersededBy()).toBeUndefined();
  expect(counted.asked).toBe(1);
});

test("a look that GitHub did not answer is made again, and misses no push", async () => {
  const world = aJobWorld();
  const number = world.propose({ "README.md": "# Changed\n" });
  let fails = true;
  const fetchPullRequest = async (wanted: number) => {
    if (!fails) return await world.gitHub.pullRequests.fetchPullRequest(wanted);
    fails = false;
    throw anOutage();
  };
  const judged = pullRequestOf(world.gitHub, number);
  const supersededBy = supersession(A_REPO, judged, { fetchPullRequest }, world.deps);
  const newer = await world.push(number, { "README.md": "# Newer\n" });
  await expect(supersededBy()).rejects.toThrow(ExternalFailure);
  expect(await supersededBy()).toBe(newer);
});

describe("a look that shows something older than the event told", () => {
  const told = { toldAt: new Date(TOUCHED_AT.getTime() + 5_000) };

  test("has seen nothing yet, and misses no push that shows later", async () => {
    const { world, number, supersededBy } = aWatchedWorld();
    await supersededBy();
    const { generations } = world.records;
    await generations.bumpGeneration(A_REPO, number, told);
    expect(await supersededBy()).toBeUndefined();
    const { head } = pullRequestOf(world.gitHub, number);
    const sha = world.gitHub.git.commit(head.branch, { "README.md": "# Newer\n" }, "olga");
    world.change(number, { head: { ...head, sha }, updatedAt: told.toldAt });
    expect(await supersededBy()).toBe(sha);
  });

  test("is made again at every question until it shows what was told, and then no more", async () => {
    const { world, number, counted, supersededBy } = aWatchedWorld();
    await world.records.generations.bumpGeneration(A_REPO, number, told);
    for (let look = 0; look < 3; look += 1) await supersededBy();
    expect(counted.asked).toBe(3);
    world.change(number, { updatedAt: told.toldAt });
    for (let look = 0; look < 3; look += 1) await supersededBy();
    expect(counted.asked).toBe(4);
  });

  test("counts after two minutes as it is", async () => {
    const { world, number, counted, supersededBy } = aWatchedWorld();
    await world.records.generations.bumpGeneration(A_REPO, number, told);
    // The clock of the tests goes a second further each time.
    for (let look = 0; look < 200; look += 1) await supersededBy();
    expect(counted.asked).toBeLessThanOrEqual(121);
  });
});

test("once what was counted is kept elsewhere, as after a new name of the repository, every question is a look", async () => {
  const world = aJobWorld();
  const number = world.propose({ "README.md": "# Changed\n" });
  await world.records.generations.bumpGeneration(A_REPO, number);
  const { counted, supersededBy } = watch(world, number);
  await supersededBy();
  await world.records.generations.pruneUntouched(new Date(Date.now() + 60_000));
  for (let look = 0; look < 3; look += 1) expect(await supersededBy()).toBeUndefined();
  expect(counted.asked).toBe(4);
});

test("an event that changes nothing of what is judged lets the run go on", async () => {
  const { world, number, supersededBy } = aWatchedWorld();
  world.change(number, { title: "Another title" });
  await world.records.generations.bumpGeneration(A_REPO, number);
  expect(await supersededBy()).toBeUndefined();
});

test("a push names the newer head, as often as it is asked for", async () => {
  const { world, number, supersededBy } = aWatchedWorld();
  await supersededBy();
  const newer = await world.push(number, { "README.md": "# Newer\n" });
  expect(await supersededBy()).toBe(newer);
  expect(await supersededBy()).toBe(newer);
});

test.each([
  ["is closed", { state: "closed" }],
  ["gets another base", { base: { branch: "release", sha: "" } }],
] as const)("a pull request that %s is no longer judged at its head", async (_what, change) => {
  const { world, number, supersededBy } = aWatchedWorld();
  const { head } = pullRequestOf(world.gitHub, number);
  world.change(number, change);
  expect(await supersededBy()).toBe(head.sha);
});
