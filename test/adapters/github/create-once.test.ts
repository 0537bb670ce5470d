import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { githubChecks } from "../../../src/adapters/github/checks.ts";
import type { RepositoryAccess } from "../../../src/adapters/github/client.ts";
import { githubIssues } from "../../../src/adapters/github/issues.ts";
import { memoryCreations } from "../../../src/adapters/github/memory-creations.ts";
import { githubProposals } from "../../../src/adapters/github/proposals.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import { FATES, type Fate, Killed, LaggingGitHub } from "../../build/lagging-github.ts";
import { aCheckRun, anAnnotation, aProposal } from "../../build/proposals.ts";

/** Longer than GitHub lags, and than any wait that is asked for. */
const LONG_MS = 120_000;
const BACK_OFF_MS = 5_000;
const ATTEMPTS_MAX = 20;

const annotations = [anAnnotation({ startLine: 1 }), anAnnotation({ startLine: 2 })];

/** Everything that the app creates, as one job does it. */
const JOBS: Readonly<Record<string, (access: RepositoryAccess) => Promise<unknown>>> = {
  "a comment": (access) => githubIssues(access).publishComment(7, "incident", "Hello"),
  "a check run with annotations": (access) =>
    githubChecks(access).openCheck(aCheckRun("a".repeat(40), { annotations })),
  "a branch and its pull request": (access) =>
    githubProposals(access).openProposal(aProposal({ branch: "main", sha: "base" }), undefined),
};

function aWorld() {
  const github = new LaggingGitHub();
  return { github, creations: memoryCreations(() => github.nowMs) };
}

type World = ReturnType<typeof aWorld>;
type Job = (access: RepositoryAccess) => Promise<unknown>;

/** One attempt by a process of its own; answers after what time the queue would try again, undefined when it is done. */
async function attempt(job: Job, { github, creations }: World): Promise<number | undefined> {
  try {
    await github.run(job, creations);
    return undefined;
  } catch (failure) {
    if (failure instanceof Killed) return BACK_OFF_MS;
    if (failure instanceof ExternalFailure && failure.retryable) return failure.retryAfterMs ?? BACK_OFF_MS;
    throw failure;
  }
}

/** Tries as the queue does until it is done; answers how often that took. */
async function bringToItsEnd(job: Job, world: World): Promise<number> {
  for (let tried = 1; tried <= ATTEMPTS_MAX; tried += 1) {
    const waitMs = await attempt(job, world);
    if (waitMs === undefined) return tried;
    world.github.nowMs += waitMs;
  }
  throw new Error(`not done after ${ATTEMPTS_MAX} attempts`);
}

function standing(github: LaggingGitHub) {
  const count = (kind: Parameters<LaggingGitHub["all"]>[0]) => github.all(kind).length;
  return {
    "a comment": { comments: count("comment") },
    "a check run with annotations": {
      checks: count("check"),
      annotations: github.all("check").flatMap((check) => check.annotations).length,
    },
    "a branch and its pull request": { branches: count("branch"), pullRequests: count("pull request") },
  };
}

const ONCE: ReturnType<typeof standing> = {
  "a comment": { comments: 1 },
  "a check run with annotations": { checks: 1, annotations: annotations.length },
  "a branch and its pull request": { branches: 1, pullRequests: 1 },
};

describe.each(Object.entries(JOBS))("%s", (called, job) => {
  const onGitHub = (github: LaggingGitHub) =>
    Object.entries(standing(github)).find(([name]) => name === called);
  const once = Object.entries(ONCE).find(([name]) => name === called);

  test.each(FATES)("whose creation is %s is there once, also while reads lag", async (fate) => {
    const world = aWorld();
    world.github.isStale = true;
    world.github.fates.push(fate);
    await bringToItsEnd(job, world);
    expect(onGitHub(world.github)).toEqual(once);
  });

  test("that two events ask for at the same moment is there once", async () => {
    const world = aWorld();
    world.github.isStale = true;
    const waits = await Promise.all([attempt(job, world), attempt(job, world)]);
    expect(waits).toContain(undefined);
    world.github.nowMs += Math.max(...waits.map((waitMs) => waitMs ?? 0));
    await bringToItsEnd(job, world);
    expect(onGitHub(world.github)).toEqual(once);
  });

  test("that another event asks for before lists show it is there once, and at once", async () => {
    const world = aWorld();
    world.github.isStale = true;
    await attempt(job, world);
    world.github.isStale = false;
    expect(await attempt(job, world)).toBeUndefined();
    expect(onGitHub(world.github)).toEqual(once);
  });

  test("is found in GitHub's lists where an older version created it and noted nothing", async () => {
    const world = aWorld();
    await attempt(job, world);
    const upgraded = { ...world, creations: memoryCreations(() => world.github.nowMs) };
    expect(await attempt(job, upgraded)).toBeUndefined();
    expect(onGitHub(world.github)).toEqual(once);
  });

  test("is there once whatever sequence of lost answers, crashes, waits and lagging reads it meets", async () => {
    const step = fc.record({
      fates: fc.array(fc.constantFrom<Fate>(...FATES), { maxLength: 3 }),
      isStale: fc.boolean(),
      together: fc.boolean(),
      passMs: fc.integer({ min: 0, max: 30_000 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 8 }), fc.boolean(), async (steps, isStale) => {
        const world = aWorld();
        for (const { fates, isStale: isStaleNow, together, passMs } of steps) {
          world.github.fates.splice(0, world.github.fates.length, ...fates);
          world.github.isStale = isStaleNow;
          await Promise.all([attempt(job, world), ...(together ? [attempt(job, world)] : [])]);
          world.github.nowMs += passMs;
        }
        world.github.fates.length = 0;
        world.github.isStale = isStale;
        await bringToItsEnd(job, world);
        expect(onGitHub(world.github)).toEqual(once);
      }),
      { numRuns: 50 },
    );
  });
});

test("a comment that a person deleted is made anew, once a read of it can be believed", async () => {
  const world = aWorld();
  const job = JOBS["a comment"];
  if (job === undefined) throw new Error("there is a job that comments");
  await attempt(job, world);
  world.github.remove("comment");
  expect(await attempt(job, world)).toBe(60_000);
  world.github.nowMs += LONG_MS;
  expect(await attempt(job, world)).toBeUndefined();
  expect(standing(world.github)["a comment"]).toEqual({ comments: 1 });
});
