import { expect, test } from "@jest/globals";
import type { DraftFixtures, Job } from "../../src/app/jobs/job.ts";
import { type JobHandlers, jobRunner } from "../../src/app/worker.ts";
import { ExternalFailure } from "../../src/ports/external-failure.ts";
import type { Turn } from "../../src/ports/job-queue.ts";
import { sameHandlers } from "../build/handlers.ts";
import { aReadableLog } from "../build/log.ts";
import { fakeOverseers } from "../build/overseers.ts";

const origin = { id: "job-7", queuedAt: new Date("2026-11-21T09:00:00Z"), attempts: 2 };
const turn: Turn = { attempt: 2, signal: new AbortController().signal, origin };
const draft: DraftFixtures = {
  kind: "draft-fixtures",
  installationId: 1,
  owner: "acme",
  repo: "refunds",
  issue: 12,
  actor: "mara",
  cause: { kind: "labeled" },
};

const handlersThat = (run: (job: Job) => Promise<void>) => sameHandlers({ run, onGivenUp: run });
const failing = (cause: unknown) => handlersThat(() => Promise.reject(cause));
const githubDown = { system: "github", retryable: true } as const;

test.each([
  { what: "that works", handlers: handlersThat(async () => undefined), outcome: { kind: "done" } },
  {
    what: "whose outside failed",
    handlers: failing(new ExternalFailure("it is down", githubDown)),
    outcome: { kind: "retry", because: "GitHub: it is down" },
  },
  {
    what: "that met a rate limit",
    handlers: failing(new ExternalFailure("slow down", { ...githubDown, retryAfterMs: 60_000 })),
    outcome: { kind: "retry", because: "GitHub: slow down", afterMs: 60_000 },
  },
  {
    what: "whose outside refuses for good",
    handlers: failing(new ExternalFailure("no such repository", { ...githubDown, retryable: false })),
    outcome: { kind: "give_up", because: "GitHub: no such repository" },
  },
  {
    what: "with a bug of ours",
    handlers: failing(new TypeError("x is undefined")),
    outcome: { kind: "give_up", because: "incident-to-eval: x is undefined" },
  },
])("a job $what comes out as $outcome.kind", async ({ handlers, outcome }) => {
  const runner = jobRunner(handlers, aReadableLog().log, fakeOverseers());
  expect(await runner.runJob(draft, turn)).toEqual(outcome);
  expect(await runner.clearUp(draft, "five attempts failed", turn)).toEqual(outcome);
});

test("a job that is cut short by a shutdown or a lost claim is tried again, whatever it threw, and is no bug", async () => {
  const readable = aReadableLog();
  const cut: Turn = { attempt: 1, signal: AbortSignal.abort(new Error("the process stops")), origin };
  const runner = jobRunner(failing(new Error("the process stops")), readable.log, fakeOverseers());
  const because = "incident-to-eval: the process stops";
  expect(await runner.runJob(draft, cut)).toEqual({ kind: "retry", because });
  expect(await runner.clearUp(draft, "too late", cut)).toEqual({ kind: "retry", because });
  expect(readable.lines().map(({ level }) => level)).toEqual([30, 50, 30]);
});

test("every job goes to the handler of its kind", async () => {
  const seen: string[] = [];
  const note = (as: string) => ({
    run: async (job: Job) => void seen.push(`${as} runs ${job.kind}`),
    onGivenUp: async (job: Job, because: string) => void seen.push(`${as} clears up ${job.kind}: ${because}`),
  });
  const handlers: JobHandlers = {
    "draft-fixtures": note("draft"),
    "gate-pull-request": note("gate"),
    reconcile: note("reconcile"),
    "sweep-deliveries": note("sweep of deliveries"),
    "sweep-installations": note("sweep of installations"),
    "sweep-repository": note("sweep of a repository"),
    "move-repository": note("move"),
    "gate-merge-group": note("gate of a group"),
    "end-merge-group": note("end of a group"),
    "gate-release": note("gate of a release"),
    "run-default-branch": note("run of the default branch"),
    "offer-setups": note("offer of setups"),
    "propose-setup": note("setup"),
  };
  const runner = jobRunner(handlers, aReadableLog().log, fakeOverseers());
  const repository = { installationId: 1, owner: "acme", repo: "refunds", repositoryId: 5 };
  await runner.runJob(draft, turn);
  await runner.runJob({ kind: "sweep-deliveries" }, turn);
  await runner.runJob({ kind: "sweep-installations" }, turn);
  await runner.runJob({ kind: "sweep-repository", ...repository }, turn);
  await runner.runJob({ kind: "move-repository", ...repository, formerName: "acme/old" }, turn);
  await runner.clearUp({ kind: "reconcile" }, "too late", turn);
  expect(seen).toEqual([
    "draft runs draft-fixtures",
    "sweep of deliveries runs sweep-deliveries",
    "sweep of installations runs sweep-installations",
    "sweep of a repository runs sweep-repository",
    "move runs move-repository",
    "reconcile clears up reconcile: too late",
  ]);
});

test("the log says which job it was and how it went", async () => {
  const readable = aReadableLog();
  const runner = jobRunner(failing(new TypeError("x is undefined")), readable.log, fakeOverseers());
  await runner.runJob(draft, turn);
  await runner.runJob({ ...draft, delivery: "d1" }, turn);
  await runner.runJob({ kind: "reconcile" }, turn);
  expect(readable.lines()).toEqual([
    expect.objectContaining({
      level: 50,
      job: "draft-fixtures",
      key: "draft:acme/refunds#12",
      installation: 1,
      repository: "acme/refunds",
      issue: 12,
      attempt: 2,
      err: expect.objectContaining({ message: "x is undefined", stack: expect.any(String) }),
    }),
    expect.objectContaining({ job: "draft-fixtures", delivery: "d1" }),
    expect.not.objectContaining({ repository: expect.anything() }),
  ]);
});

test("what is given up is kept with all that is needed to try it again, also when clearing up fails", async () => {
  const overseers = fakeOverseers();
  const clearing = failing(new ExternalFailure("it is down", githubDown));
  const outcome = await jobRunner(clearing, aReadableLog().log, overseers).clearUp(
    draft,
    "GitHub: it is down",
    turn,
  );
  expect(outcome).toMatchObject({ kind: "retry" });
  expect((await overseers.deadLetters.searchOpen(9)).letters).toEqual([
    {
      id: "job-7",
      kind: "draft-fixtures",
      place: "acme/refunds#12",
      job: draft,
      because: "GitHub: it is down",
      attempts: 2,
      at: overseers.now(),
    },
  ]);
});

test("every attempt is counted, with how it ended", async () => {
  const overseers = fakeOverseers();
  const broken = failing(new TypeError("x is undefined"));
  await jobRunner(broken, aReadableLog().log, overseers).runJob(draft, turn);
  expect(overseers.occurrences).toEqual([
    { kind: "job_began", job: "draft-fixtures" },
    { kind: "job_ended", job: "draft-fixtures", outcome: "give_up", durationMs: expect.any(Number) },
  ]);
});

test("a job that comes again by itself is not kept when it is given up", async () => {
  const overseers = fakeOverseers();
  const runner = jobRunner(
    handlersThat(async () => undefined),
    aReadableLog().log,
    overseers,
  );
  await runner.clearUp({ kind: "sweep-deliveries" }, "GitHub: it is down", turn);
  expect((await overseers.deadLetters.searchOpen(9)).total).toBe(0);
});
