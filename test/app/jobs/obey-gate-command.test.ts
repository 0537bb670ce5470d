import { expect, test } from "@jest/globals";
import type { GateCause } from "../../../src/app/jobs/job.ts";
import { obeyGateCommand } from "../../../src/app/jobs/obey-gate-command.ts";
import { aCommand, aGateJob, aJobWorld } from "../../build/job-world.ts";

const PULL_REQUEST = 30;

async function obey(cause: GateCause) {
  const { gitHub } = aJobWorld();
  return { order: await obeyGateCommand(aGateJob(PULL_REQUEST, cause), gitHub), gitHub };
}

test.each([
  { cause: { kind: "opened" }, again: false, approved: false },
  { cause: { kind: "synchronize" }, again: false, approved: false },
  { cause: { kind: "closed" }, again: false, approved: false },
  { cause: { kind: "retargeted" }, again: true, approved: false },
  { cause: { kind: "rerun", actor: "wanda", headSha: "abc" }, again: true, approved: true },
  { cause: { kind: "rerun", actor: "tom", headSha: "abc" }, again: true, approved: false },
  {
    cause: { kind: "action", action: "rerun", actor: "olga", headSha: "abc" },
    again: true,
    approved: true,
  },
  { cause: { kind: "outage", retry: 2, headSha: "abc" }, again: true, approved: true },
  { cause: aCommand("/incident-to-eval run", "wanda"), again: true, approved: true },
] as const)(
  "$cause runs again: $again, may cost a fork's money: $approved",
  async ({ cause, again, approved }) => {
    const onlyHead = "headSha" in cause ? cause.headSha : undefined;
    expect((await obey(cause)).order).toEqual({ kind: "run", again, approved, onlyHead });
  },
);

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
