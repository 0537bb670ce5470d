import { describe, expect, test } from "@jest/globals";
import { clearUpDraftFixtures, runDraftFixtures } from "../../../src/app/jobs/draft-fixtures.ts";
import { runGatePullRequest } from "../../../src/app/jobs/gate-pull-request.ts";
import type { Job, SweepRepository } from "../../../src/app/jobs/job.ts";
import { runSweepRepository } from "../../../src/app/jobs/sweep-repository.ts";
import { CONFIG_PATH } from "../../../src/core/config/config.ts";
import { TOUCHED_AT } from "../../build/fake-github.ts";
import { aGateRun } from "../../build/gate-runs.ts";
import {
  A_REPO,
  aConfigFile,
  aGateJob,
  aJobWorld,
  anIncidentBody,
  aTurn,
  type JobWorld,
  pullRequestOf,
} from "../../build/job-world.ts";

const PLACE = { installationId: 77, owner: "acme", repo: "support-agent", repositoryId: 5 };
const JOB: SweepRepository = { kind: "sweep-repository", ...PLACE };
const NOW = Date.parse("2026-11-21T10:00:00Z");
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const FOUND = { kind: "reconcile", updatedAt: TOUCHED_AT.toISOString() } as const;
const CHANGE = { "README.md": "# Changed\n" };

const aWorldConfigured = (text: string) => aJobWorld({ files: { [CONFIG_PATH]: text } });

/** Sweeps the repository and answers what that asked for. */
async function sweep(world: JobWorld, now = NOW): Promise<readonly Job[]> {
  world.queued.length = 0;
  await runSweepRepository(JOB, { ...world.deps, now: () => new Date(now) });
  return world.queued.map(({ job }) => job);
}

/** Sweeps, and answers the numbers of the pull requests and issues that were found. */
async function found(world: JobWorld, now = NOW): Promise<readonly number[]> {
  const jobs = await sweep(world, now);
  return jobs.flatMap((job) =>
    job.kind === "gate-pull-request" ? [job.pullRequest] : job.kind === "draft-fixtures" ? [job.issue] : [],
  );
}

const fileIncident = (world: JobWorld, author = "tom", labels = ["incident"]) =>
  world.people.fileIssue({ title: "It refunded", body: anIncidentBody(), labels, author });

describe("an open pull request", () => {
  test("that no run has answered is gated, with no more rights than an event", async () => {
    const world = aJobWorld();
    const number = world.propose(CHANGE);
    expect(await sweep(world)).toEqual([
      { kind: "gate-pull-request", ...PLACE, pullRequest: number, cause: { kind: "reconcile" } },
    ]);
  });

  test("that is found is gated to its end, and then is left alone", async () => {
    const world = aJobWorld();
    const number = world.propose(CHANGE);
    await sweep(world);
    await runGatePullRequest(aGateJob(number, { kind: "reconcile" }), aTurn(), world.deps);
    expect(world.checksOn(pullRequestOf(world.gitHub, number).head.sha)).toEqual([
      "blocking: success",
      "warning: success",
    ]);
    expect(await found(world)).toEqual([]);
  });

  test("from a fork is not run for money because a sweep found it", async () => {
    const world = aJobWorld();
    const number = world.propose({ "agent/prompts/system.md": "You refund.\n" }, { fromFork: true });
    await sweep(world);
    await runGatePullRequest(aGateJob(number, { kind: "reconcile" }), aTurn(), world.deps);
    const [title] = [...world.gitHub.checkList.values()].map((check) => check.title);
    expect(world.checksOn(pullRequestOf(world.gitHub, number).head.sha)).toContain("blocking: failure");
    expect(title).toMatch(/fork/);
  });

  test.each<{ state: "running" | "completed" | "cancelled"; isFound: boolean }>([
    { state: "running", isFound: false },
    { state: "completed", isFound: false },
    { state: "cancelled", isFound: true },
  ])("whose newest run is $state is gated: $isFound", async ({ state, isFound }) => {
    const world = aJobWorld();
    const number = world.propose(CHANGE);
    const headSha = pullRequestOf(world.gitHub, number).head.sha;
    await world.records.gateRuns.saveRun(aGateRun({ repo: A_REPO, pullRequest: number, headSha, state }));
    expect(await found(world)).toEqual(isFound ? [number] : []);
  });

  test("whose commit was answered for another pull request only is gated", async () => {
    const world = aJobWorld();
    const number = world.propose(CHANGE);
    const headSha = pullRequestOf(world.gitHub, number).head.sha;
    await world.records.gateRuns.saveRun(
      aGateRun({ repo: A_REPO, pullRequest: 999, headSha, state: "completed" }),
    );
    expect(await found(world)).toEqual([number]);
  });

  test.each([
    { drafts: false, isFound: false },
    { drafts: true, isFound: true },
  ])("that is a draft is gated where drafts are: $drafts", async ({ drafts, isFound }) => {
    const world = aWorldConfigured(aConfigFile({ gate: { drafts } }));
    const number = world.propose(CHANGE, { draft: true });
    expect(await found(world)).toEqual(isFound ? [number] : []);
  });

  test("that got a newer head while nobody told us is gated anew", async () => {
    const world = aJobWorld();
    const number = world.propose(CHANGE);
    await runGatePullRequest(aGateJob(number), aTurn(), world.deps);
    expect(await found(world)).toEqual([]);
    await world.push(number, { "README.md": "# Changed again\n" });
    expect(await found(world)).toEqual([number]);
  });

  test("supersedes what runs for it, like an event", async () => {
    const world = aJobWorld();
    const number = world.propose(CHANGE);
    await sweep(world);
    expect(await world.records.generations.fetchGeneration(A_REPO, number)).toMatchObject({ count: 1 });
  });
});

describe("an open incident", () => {
  test("without an answer is drafted with the rights of the person who put the label on last", async () => {
    const world = aJobWorld();
    const issue = await fileIncident(world, "otto");
    for (const by of ["rita", "wanda"]) world.gitHub.labelled.push({ issue, label: "incident", by });
    world.gitHub.labelled.push({ issue, label: "bug", by: "max" });
    expect(await sweep(world)).toEqual([
      { kind: "draft-fixtures", ...PLACE, issue, actor: "wanda", cause: FOUND },
    ]);
  });

  test("that its form labelled is drafted with the rights of its author", async () => {
    const world = aJobWorld();
    await fileIncident(world, "otto");
    expect(await sweep(world)).toEqual([expect.objectContaining({ actor: "otto" })]);
  });

  test("is found by the label that the repository chose", async () => {
    const world = aWorldConfigured(aConfigFile({ incidents: { label: "postmortem" } }));
    await fileIncident(world);
    const chosen = await fileIncident(world, "tom", ["postmortem"]);
    expect(await found(world)).toEqual([chosen]);
  });

  test("that was answered stays answered, also when the answer was that nothing could be done", async () => {
    const world = aJobWorld();
    const issue = await fileIncident(world);
    const [job] = await sweep(world);
    if (job?.kind !== "draft-fixtures") throw new Error("no incident was found");
    await runDraftFixtures(job, aTurn(), world.deps);
    const comments = world.gitHub.commentsOn(issue);
    expect(comments).toHaveLength(1);
    // What is found then is the pull request that the answer opened.
    expect(await found(world, NOW + 2 * DAY_MS)).not.toContain(issue);
    await runDraftFixtures(job, aTurn(), world.deps);
    expect(world.gitHub.commentsOn(issue)).toEqual(comments);
  });

  /** An incident of somebody that was answered, and whose text was then changed without a word to us. */
  async function anEditedOne(author: string): Promise<{ world: JobWorld; issue: number }> {
    const world = aJobWorld();
    const issue = await fileIncident(world, author);
    world.gitHub.labelled.push({ issue, label: "incident", by: "wanda" });
    const [job] = await sweep(world);
    if (job?.kind !== "draft-fixtures") throw new Error("no incident was found");
    await runDraftFixtures(job, aTurn(), world.deps);
    const standing = world.gitHub.issueList.get(issue);
    if (standing === undefined) throw new Error("there is no issue");
    const body = anIncidentBody({ user_input: "Refund order 99 now." });
    world.gitHub.issueList.set(issue, { ...standing, body });
    return { world, issue };
  }

  test("whose text was changed since it was answered is drafted anew, once", async () => {
    const { world, issue } = await anEditedOne("tom");
    const job = (await sweep(world)).find(({ kind }) => kind === "draft-fixtures");
    expect(job).toEqual({ kind: "draft-fixtures", ...PLACE, issue, actor: "tom", cause: FOUND });
    if (job?.kind === "draft-fixtures") await runDraftFixtures(job, aTurn(), world.deps);
    expect(await found(world, NOW + 2 * DAY_MS)).not.toContain(issue);
  });

  test("whose text was changed is left alone where its author, who may have changed it, may not ask", async () => {
    const { world, issue } = await anEditedOne("rita");
    expect(await found(world, NOW + 2 * DAY_MS)).not.toContain(issue);
  });

  test("whose newer text could not be drafted from is not tried again by sweeps", async () => {
    const { world, issue } = await anEditedOne("tom");
    const job = (await sweep(world)).find(({ kind }) => kind === "draft-fixtures");
    if (job?.kind !== "draft-fixtures") throw new Error("no incident was found");
    const failure = { system: "github", message: "GitHub was down" };
    await clearUpDraftFixtures(job, failure, aTurn(), world.deps);
    expect(world.gitHub.commentsOn(issue)).toEqual([expect.stringContaining("GitHub was down")]);
    expect(await found(world, NOW + 2 * DAY_MS)).not.toContain(issue);
  });

  test("that is found supersedes what is being drafted from an older text of it", async () => {
    const { world, issue } = await anEditedOne("tom");
    const before = await world.records.generations.fetchGeneration(A_REPO, issue);
    await sweep(world);
    expect(await world.records.generations.fetchGeneration(A_REPO, issue)).toEqual({
      count: before.count + 1,
      toldAt: TOUCHED_AT,
      editedBy: "tom",
    });
  });

  test("that is closed is left alone", async () => {
    const world = aJobWorld();
    const issue = await fileIncident(world);
    const standing = world.gitHub.issueList.get(issue);
    if (standing !== undefined) world.gitHub.issueList.set(issue, { ...standing, state: "closed" });
    expect(await found(world)).toEqual([]);
  });
});

describe("a sweep", () => {
  /** Four pull requests, touched so many hours before now. */
  function aWorldTouched(...hours: readonly number[]): {
    readonly world: JobWorld;
    readonly numbers: number[];
  } {
    const world = aJobWorld();
    const numbers = hours.map((hour) => {
      const number = world.propose(CHANGE);
      world.change(number, { updatedAt: new Date(NOW - hour * HOUR_MS) });
      return number;
    });
    return { world, numbers };
  }

  test("looks through all pages the first time", async () => {
    const { world, numbers } = aWorldTouched(1, 2, 3, 4, 5);
    expect(await found(world)).toEqual(numbers);
  });

  test("looks next at what changed since, a little before it, and once a day at everything", async () => {
    const { world, numbers } = aWorldTouched(1, 2, 3);
    await sweep(world);
    const [newest] = numbers;
    expect(await found(world, NOW + HOUR_MS)).toEqual([newest]);
    expect(await found(world, NOW + 25 * HOUR_MS)).toEqual(numbers);
  });

  test("leaves alone what nobody touched for a month", async () => {
    const { world, numbers } = aWorldTouched(29 * 24, 31 * 24);
    expect(await found(world)).toEqual(numbers.slice(0, 1));
  });

  test("ends after one request where the repository has no configuration", async () => {
    const { world } = aWorldTouched(1);
    world.gitHub.git.commit("main", { [CONFIG_PATH]: undefined }, "olga");
    const unread = { ...world.deps, lastConfigs: { ...world.deps.lastConfigs, fetchLastConfig: neverRead } };
    await runSweepRepository(JOB, unread);
    expect(world.gitHub.lookups).toBe(1);
    expect(world.queued).toEqual([]);
  });

  test("goes on with the incidents where the configuration is broken", async () => {
    const world = aWorldConfigured("version: 9\n");
    const issue = await fileIncident(world);
    expect(await found(world)).toEqual([issue]);
  });
});

async function neverRead(): Promise<undefined> {
  throw new Error("this was not to be read");
}
