import { expect, test } from "@jest/globals";
import { reasonOf } from "../../../src/app/jobs/given-up.ts";
import type { Job } from "../../../src/app/jobs/job.ts";
import { jobHandlers } from "../../../src/app/jobs/job-handlers.ts";
import { jobRunner } from "../../../src/app/worker.ts";
import { ExternalFailure } from "../../../src/ports/external-failure.ts";
import { aDraftJob, aGateJob, aJobWorld, aTurn, pullRequestOf } from "../../build/job-world.ts";
import { aReadableLog } from "../../build/log.ts";
import { fakeOverseers } from "../../build/overseers.ts";

const DOWN = new ExternalFailure("GitHub could not read the tree (status 503)", {
  system: "github",
  retryable: true,
});
const BUG = new TypeError("customers are undefined");

/** A world in which a job is given up. */
function aWorldWithHandlers() {
  const world = aJobWorld();
  const handlers = jobHandlers(world.deps);
  const runner = jobRunner(handlers, aReadableLog().log, fakeOverseers());
  return { world, giveUp: (job: Job, because: string) => runner.clearUp(job, because, aTurn()) };
}

test.each([
  ["github", "GitHub could not read the tree", "GitHub: could not read the tree"],
  ["github", "We could not read the tree", "GitHub: We could not read the tree"],
  ["database", "The database could not be opened", "the database: could not be opened"],
] as const)("of %s that says %j people read %j", (system, message, read) => {
  expect(reasonOf(new ExternalFailure(message, { system, retryable: true }))).toBe(read);
});

test.each([
  { what: "the outside's failure", because: reasonOf(DOWN), says: "GitHub does not answer" },
  { what: "a bug", because: reasonOf(BUG), says: "a fault in incident-to-eval" },
  { what: "a time limit", because: "job timed out", says: "a fault in incident-to-eval" },
])("the checks of a gate that $what ended say so: $says", async ({ because, says }) => {
  const { world, giveUp } = aWorldWithHandlers();
  const number = world.propose({ "README.md": "# Changed\n" });
  expect(await giveUp(aGateJob(number), because)).toEqual({ kind: "done" });
  const { sha } = pullRequestOf(world.gitHub, number).head;
  expect(world.checksOn(sha)).toEqual(["blocking: failure", "warning: action_required"]);
  for (const { title } of world.gitHub.checkList.values()) expect(title).toContain(says);
});

test.each([
  { what: "the outside's failure", because: reasonOf(DOWN), says: "`GitHub` failed", log: false },
  { what: "a bug", because: reasonOf(BUG), says: "`incident-to-eval` failed", log: true },
])("the incident whose draft $what ended is told: $says", async ({ because, says, log }) => {
  const { world, giveUp } = aWorldWithHandlers();
  const issue = await world.people.fileIssue({ title: "It refunded", body: "", labels: ["incident"] });
  await giveUp(aDraftJob(issue), because);
  const [comment = ""] = world.gitHub.commentsOn(issue);
  expect(comment).toContain(says);
  expect(comment.includes("its log holds")).toBe(log);
  expect(comment).not.toContain("customers");
});

test("an hourly job that was given up comes back", async () => {
  const { world, giveUp } = aWorldWithHandlers();
  await giveUp({ kind: "reconcile" }, "the database: it is down");
  expect(world.queued.map(({ job }) => job.kind)).toEqual(["reconcile"]);
});
