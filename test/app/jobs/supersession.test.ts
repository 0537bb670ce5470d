import { expect, test } from "@jest/globals";
import { supersession } from "../../../src/app/jobs/supersession.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
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
