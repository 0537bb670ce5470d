import { expect, test } from "@jest/globals";
import { bindCommit } from "../../../src/app/jobs/bind-commit.ts";
import type { GateRun } from "../../../src/ports/records.ts";
import { aGateRun } from "../../build/gate-runs.ts";

const HEAD = "abc1234abc1234abc1234abc1234abc1234abc12";
const OTHER = "def5678def5678def5678def5678def5678def56";
const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 21, 10, minute, second));

/** A run that began at one minute and came to its end in the next. */
function aRun(headSha: string, minute: number, change: Partial<GateRun> = {}): GateRun {
  const times = { createdAt: at(minute), updatedAt: at(minute + 1) };
  return aGateRun({ id: `r${minute}`, headSha, state: "completed", checks: [], ...times, ...change });
}

const ONE = [aRun(HEAD, 1)];
const PUSHED = [aRun(HEAD, 10), aRun(OTHER, 1)];

test.each([
  { what: "after the result", runs: ONE, writtenAt: at(3), is: "bound" },
  {
    what: "in the second of the result",
    runs: [aRun(HEAD, 1, { updatedAt: new Date(at(2).getTime() + 400) })],
    writtenAt: at(2),
    is: "bound",
  },
  { what: "before the result", runs: ONE, writtenAt: at(1, 30), is: "newer_result" },
  {
    what: "at a time that nobody knows, where there was one head only",
    runs: ONE,
    writtenAt: undefined,
    is: "bound",
  },
  { what: "at a time that nobody knows, after a push", runs: PUSHED, writtenAt: undefined, is: "fresh_push" },
  { what: "a minute after the push", runs: PUSHED, writtenAt: at(11, 30), is: "fresh_push" },
  { what: "two minutes after the push", runs: PUSHED, writtenAt: at(12), is: "bound" },
  {
    what: "a minute after the push, naming the commit",
    runs: PUSHED,
    named: HEAD.slice(0, 7),
    writtenAt: at(11, 30),
    is: "bound",
  },
  {
    what: "naming the commit before its result",
    runs: PUSHED,
    named: HEAD,
    writtenAt: at(10, 30),
    is: "newer_result",
  },
  {
    what: "naming another commit",
    runs: PUSHED,
    named: OTHER.slice(0, 7),
    writtenAt: at(30),
    is: "other_commit",
  },
  {
    what: "while a newer run is on its way",
    runs: [aRun(HEAD, 5, { state: "running" }), ...ONE],
    writtenAt: at(30),
    is: "not_finished",
  },
  { what: "while nothing ran on the head", runs: [aRun(OTHER, 1)], writtenAt: at(30), is: "not_finished" },
  {
    what: "on a head that was cancelled",
    runs: [aRun(HEAD, 1, { state: "cancelled" })],
    writtenAt: at(30),
    is: "not_finished",
  },
  {
    what: "on a head of an earlier version of the app",
    runs: [aRun(HEAD, 1, { checks: undefined })],
    writtenAt: at(30),
    is: "not_finished",
  },
  {
    what: "long after the commit was pushed back",
    runs: [aRun(HEAD, 20), aRun(OTHER, 10), aRun(HEAD, 1)],
    writtenAt: at(21, 30),
    is: "fresh_push",
  },
])("a comment that was written $what: $is", ({ runs, named, writtenAt, is }) => {
  const bound = bindCommit({ named, writtenAt }, HEAD, runs);
  expect(bound.kind === "bound" ? "bound" : bound.because).toBe(is);
  if (bound.kind === "bound") expect(bound.run).toBe(runs[0]);
});
