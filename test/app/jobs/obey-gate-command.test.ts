import { expect, test } from "@jest/globals";
import type { GateCause } from "../../../src/app/jobs/job.ts";
import { obeyGateCommand } from "../../../src/app/jobs/obey-gate-command.ts";
import { aCommand, aGateJob, aJobWorld } from "../../build/job-world.ts";

const PULL_REQUEST = 30;

async function obey(cause: GateCause) {
  const { gitHub, deps } = aJobWorld();
  return { order: await obeyGateCommand(aGateJob(PULL_REQUEST, cause), gitHub, deps), gitHub };
}

test.each([
  { cause: { kind: "opened" }, when: "unanswered", approved: false },
  { cause: { kind: "synchronize" }, when: "unanswered", approved: false },
  { cause: { kind: "reconcile" }, when: "unanswered", approved: false },
  { cause: { kind: "closed" }, when: "unanswered", approved: false },
  { cause: { kind: "retargeted" }, when: "always", approved: false },
  { cause: { kind: "rerun", actor: "wanda", headSha: "abc" }, when: "always", approved: true },
  { cause: { kind: "rerun", actor: "tom", headSha: "abc" }, when: "always", approved: false },
  {
    cause: { kind: "action", action: "rerun", actor: "olga", headSha: "abc" },
    when: "always",
    approved: true,
  },
  { cause: { kind: "outage", retry: 2, headSha: "abc" }, when: "outage", approved: true },
  { cause: aCommand("/incident-to-eval run", "wanda"), when: "always", approved: true },
] as const)("$cause runs: $when, may cost a fork's money: $approved", async ({ cause, when, approved }) => {
  const onlyHead = "headSha" in cause ? cause.headSha : undefined;
  expect((await obey(cause)).order).toEqual({ kind: "run", when, approved, onlyHead });
});

test.each([
  { line: "/incident-to-eval run", actor: "max", kind: "run", reaction: "eyes", answered: 0 },
  { line: "/incident-to-eval rerun", actor: "wanda", kind: "run", reaction: "eyes", answered: 0 },
  { line: "/incident-to-eval run", actor: "tom", kind: "done", reaction: "-1", answered: 0 },
  { line: "/incident-to-eval run", actor: "nobody-here", kind: "done", reaction: "-1", answered: 0 },
  { line: "/incident-to-eval help", actor: "otto", kind: "done", reaction: "+1", answered: 1 },
  { line: "/incident-to-eval draft", actor: "olga", kind: "done", reaction: "confused", answered: 1 },
  { line: "/incident-to-eval dance", actor: "olga", kind: "done", reaction: "confused", answered: 1 },
])("$line of $actor is answered with $reaction and ends in $kind", async (row) => {
  const { order, gitHub } = await obey(aCommand(row.line, row.actor));
  expect(order.kind).toBe(row.kind);
  expect(gitHub.reactions).toEqual([{ comment: 9_001, reaction: row.reaction }]);
  expect(gitHub.commentsOn(PULL_REQUEST)).toHaveLength(row.answered);
});

test("a button that we do not offer does nothing", async () => {
  const cause = { kind: "action", action: "override", actor: "olga", headSha: "abc" } as const;
  expect((await obey(cause)).order).toEqual({ kind: "done" });
});
