import { expect, test } from "@jest/globals";
import { runGatePullRequest } from "../../../src/app/jobs/gate-pull-request.ts";
import { scopeOf } from "../../../src/app/jobs/job-scope.ts";
import type { Occurrence } from "../../../src/ports/metrics.ts";
import { aGateJob, aJobWorld, aTurn, CARELESS, PROMPT, pullRequestOf } from "../../build/job-world.ts";
import { aReadableLog } from "../../build/log.ts";

/** Gates a pull request as the worker has it done, and answers what was logged and counted. */
async function gate() {
  const world = aJobWorld();
  const readable = aReadableLog();
  const occurrences: Occurrence[] = [];
  const number = world.propose({ [PROMPT]: CARELESS });
  const turn = { ...aTurn(), log: readable.log.child({ job: "gate-pull-request" }) };
  const metrics = { note: (occurrence: Occurrence) => void occurrences.push(occurrence) };
  const job = aGateJob(number);
  const deps = scopeOf({ ...world.deps, log: readable.log, metrics }, job, turn);
  await runGatePullRequest(job, turn, deps);
  turn.log.info("job done");
  return { occurrences, lines: readable.lines(), sha: pullRequestOf(world.gitHub, number).head.sha };
}

test("once the pull request was read, lines of the log name its head", async () => {
  const { lines, sha } = await gate();
  expect(lines.at(-1)).toMatchObject({ job: "gate-pull-request", sha, msg: "job done" });
});

test("the time from the event to the conclusion is counted", async () => {
  const { occurrences } = await gate();
  expect(occurrences).toEqual([{ kind: "checks_concluded", afterMs: expect.any(Number) }]);
});
