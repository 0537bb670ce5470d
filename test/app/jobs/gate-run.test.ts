import { expect, test } from "@jest/globals";
import { cancelOvertaken } from "../../../src/app/jobs/cancel-runs.ts";
import {
  completeRun,
  decideRun,
  isAnswered,
  isSeen,
  publishChecks,
  takeUpRun,
} from "../../../src/app/jobs/gate-run.ts";
import { renderProgress } from "../../../src/core/report/render-checks.ts";
import type { GateRun } from "../../../src/ports/records.ts";
import { A_REPO, aJobWorld, type JobWorld, pullRequestOf } from "../../build/job-world.ts";
import { aCheckRun } from "../../build/proposals.ts";

const CHANGE = { "README.md": "# Hello\n" };
const JUDGES = "the digest of what judges";

function begin(world: JobWorld, number: number, judgedBy = JUDGES): Promise<GateRun> {
  const pullRequest = pullRequestOf(world.gitHub, number);
  const asked = { installationId: 77, repo: A_REPO, pullRequest, jobId: "job-1" };
  const judgement = { ...asked, baseSha: "b".repeat(40), judgedBy, approved: false };
  return takeUpRun(judgement, world.deps);
}

function show(world: JobWorld, run: GateRun, done = 0): Promise<GateRun> {
  const progress = { headSha: run.headSha, externalId: run.id, done, total: 3 };
  return publishChecks(run, renderProgress(progress), world.gitHub.checks, world.deps);
}

function answered(world: JobWorld, number: number, judgedBy = JUDGES): Promise<boolean> {
  return isAnswered(A_REPO, pullRequestOf(world.gitHub, number), judgedBy, world.deps);
}

test("a run that is open for this head is taken up with its checks, also where others judge it now", async () => {
  const world = aJobWorld();
  const number = world.propose(CHANGE);
  const shown = await show(world, await begin(world, number));
  const again = await begin(world, number, "another digest");
  expect(again).toMatchObject({ id: shown.id, checkRunIds: shown.checkRunIds, judgedBy: "another digest" });
  await show(world, again, 1);
  expect(world.checksOn(shown.headSha)).toHaveLength(2);
});

test("checks that were posted before their ids could be saved are found again", async () => {
  const world = aJobWorld();
  const begun = await begin(world, world.propose(CHANGE));
  await show(world, begun);
  const shown = await show(world, begun);
  expect(Object.keys(shown.checkRunIds)).toHaveLength(2);
  expect(world.checksOn(begun.headSha)).toHaveLength(2);
});

test("a run that is over is not taken up", async () => {
  const world = aJobWorld();
  const number = world.propose(CHANGE);
  const first = await begin(world, number);
  await completeRun(first, world.deps);
  expect((await begin(world, number)).id).not.toBe(first.id);
});

test.each<[string, (world: JobWorld, run: GateRun) => Promise<unknown>, boolean]>([
  ["that goes on", async () => undefined, false],
  ["that is completed", (world, run) => completeRun(run, world.deps), true],
  [
    "that was cancelled",
    (world, run) => world.records.gateRuns.saveRun({ ...run, state: "cancelled" }),
    false,
  ],
  [
    "that is of another pull request",
    (world, run) => completeRun({ ...run, pullRequest: 99 }, world.deps),
    false,
  ],
])("a run %s answers the head: decided", async (_what, end, expected) => {
  const world = aJobWorld();
  const number = world.propose(CHANGE);
  await end(world, await begin(world, number));
  expect(await answered(world, number)).toBe(expected);
});

test("an answer counts while the same judge", async () => {
  const world = aJobWorld();
  const number = world.propose(CHANGE);
  await completeRun(await begin(world, number), world.deps);
  expect(await answered(world, number, "another digest")).toBe(false);
});

test("an older answer does not count once a newer run was cancelled", async () => {
  const world = aJobWorld();
  const number = world.propose(CHANGE);
  await completeRun(await begin(world, number), world.deps);
  await world.records.gateRuns.saveRun({ ...(await begin(world, number)), state: "cancelled" });
  expect(await answered(world, number)).toBe(false);
});

test("what was decided before a crash is taken up while the same judge, and decided anew by others", async () => {
  const world = aJobWorld();
  const number = world.propose(CHANGE);
  const run = await begin(world, number);
  await decideRun(run, { checks: [aCheckRun(run.headSha)], outage: true, result: { a: 1 } }, world.deps);
  expect(await begin(world, number)).toMatchObject({ checks: [expect.anything()], outage: true });
  expect(await begin(world, number, "another digest")).toMatchObject({ checks: undefined, outage: false });
});

test("a head is seen once a run of its own pull request has begun on it", async () => {
  const world = aJobWorld();
  const number = world.propose(CHANGE);
  const seen = () => isSeen(A_REPO, pullRequestOf(world.gitHub, number), world.deps);
  expect(await seen()).toBe(false);
  await begin(world, number);
  expect(await seen()).toBe(true);
  await world.push(number, { "README.md": "# Other\n" });
  expect(await seen()).toBe(false);
});

test("only what a newer head has overtaken is cancelled, whether or not its checks were posted", async () => {
  const world = aJobWorld();
  const number = world.propose(CHANGE);
  const old = await begin(world, number);
  await world.push(number, { "README.md": "# Newer\n" });
  const current = await show(world, await begin(world, number));
  const other = await show(world, await begin(world, world.propose(CHANGE)));
  await cancelOvertaken(A_REPO, pullRequestOf(world.gitHub, number), world.gitHub, world.deps);
  expect(world.checksOn(old.headSha)).toEqual(["blocking: cancelled", "warning: cancelled"]);
  const running = await world.records.gateRuns.searchRunning();
  expect(running.map(({ id }) => id)).toEqual([current.id, other.id]);
});
