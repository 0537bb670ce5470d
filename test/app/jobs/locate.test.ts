import { describe, expect, test } from "@jest/globals";
import { jobHandlers } from "../../../src/app/jobs/job-handlers.ts";
import { jobRunner } from "../../../src/app/worker.ts";
import type { RepositoryPlace } from "../../../src/ports/installations.ts";
import { A_REPO, aDraftJob, aGateJob, aJobWorld, aTurn, type JobWorld } from "../../build/job-world.ts";
import { aReadableLog } from "../../build/log.ts";
import { fakeOverseers } from "../../build/overseers.ts";

const MOVED: RepositoryPlace = { kind: "here", repository: { id: 5, owner: "zeta", name: "helper" } };

/** A world whose repository is found at a place, and whether a job got as far as to connect, and where. */
function aWorldAt(place: RepositoryPlace | undefined) {
  const world = aJobWorld();
  if (place !== undefined) world.installations.places.set(A_REPO, place);
  const connected: string[] = [];
  const readable = aReadableLog();
  const deps = {
    ...world.deps,
    log: readable.log,
    connect: async (_installationId: number, owner: string, repo: string) => {
      connected.push(`${owner}/${repo}`);
      return world.gitHub;
    },
  };
  const runner = jobRunner(jobHandlers(deps), readable.log, fakeOverseers());
  return { world, connected, runner, text: readable.text };
}

const aPullRequest = (world: JobWorld) => world.propose({ "README.md": "# Changed\n" });

describe("a job whose repository", () => {
  test("is where it was is done there", async () => {
    const { world, connected, runner } = aWorldAt(undefined);
    expect(await runner.runJob(aGateJob(aPullRequest(world)), aTurn())).toEqual({ kind: "done" });
    expect(new Set(connected)).toEqual(new Set([A_REPO]));
  });

  test("was moved is done where it is now, and what is kept of it goes along first", async () => {
    const { world, connected, runner } = aWorldAt(MOVED);
    const number = aPullRequest(world);
    expect(await runner.runJob(aGateJob(number), aTurn())).toEqual({ kind: "done" });
    expect(new Set(connected)).toEqual(new Set(["zeta/helper"]));
    expect(world.sweeps.repositoryNames.kept.get(5)).toMatchObject({
      name: "zeta/helper",
      formerName: A_REPO,
      installationId: 77,
    });
    expect(world.sweeps.repositoryNames.gathered).toEqual([`5 from ${A_REPO}`, "5 from zeta/helper"]);
    const runs = await world.records.gateRuns.searchByPullRequest("zeta/helper", number);
    expect(runs.map(({ state }) => state)).toEqual(["completed"]);
  });

  test("is gone is done, with a word in the log and nothing else", async () => {
    const { world, connected, runner, text } = aWorldAt({ kind: "gone" });
    expect(await runner.runJob(aGateJob(aPullRequest(world)), aTurn())).toEqual({ kind: "done" });
    expect(await runner.runJob(aDraftJob(7), aTurn())).toEqual({ kind: "done" });
    expect(connected).toEqual([]);
    expect(text()).toContain("the repository is gone");
  });

  test("is of a suspended installation is given up at once, and is not told of it", async () => {
    const { world, connected, runner } = aWorldAt({ kind: "suspended" });
    const job = aGateJob(aPullRequest(world));
    const outcome = await runner.runJob(job, aTurn());
    expect(outcome).toMatchObject({ kind: "give_up", because: expect.stringContaining("suspended") });
    expect(await runner.clearUp(job, "GitHub: suspended", aTurn())).toEqual({ kind: "done" });
    expect(connected).toEqual([]);
  });

  test("is gone by the time that the job is given up is left in peace", async () => {
    const { world, connected, runner } = aWorldAt({ kind: "gone" });
    const job = aGateJob(aPullRequest(world));
    expect(await runner.clearUp(job, "GitHub: it was down", aTurn())).toEqual({ kind: "done" });
    expect(connected).toEqual([]);
  });
});

test("a repository that was moved takes what is kept of it along, from the name that its event says", async () => {
  const { world, runner } = aWorldAt(undefined);
  const place = { installationId: 77, owner: "acme", repo: "support-agent", repositoryId: 5 };
  await runner.runJob({ kind: "move-repository", ...place, formerName: "acme/old-name" }, aTurn());
  expect(world.sweeps.repositoryNames.kept.get(5)).toMatchObject({
    name: A_REPO,
    formerName: "acme/old-name",
  });
});
