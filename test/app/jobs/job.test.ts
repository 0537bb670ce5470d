import { expect, test } from "@jest/globals";
import {
  absorbs,
  type DraftFixtures,
  type GatePullRequest,
  type GateRelease,
  JOB_POLICIES,
  type Job,
  jobKey,
  jobSchema,
  type RunDefaultBranch,
} from "../../../src/app/jobs/job.ts";

const place = { installationId: 77, owner: "acme", repo: "refunds" };
const draft: DraftFixtures = {
  kind: "draft-fixtures",
  ...place,
  issue: 12,
  actor: "mara",
  cause: { kind: "opened" },
};
const gate: GatePullRequest = {
  kind: "gate-pull-request",
  ...place,
  pullRequest: 30,
  cause: { kind: "synchronize" },
};
function move(formerName: string): Job {
  return { kind: "move-repository", ...place, repositoryId: 5, formerName };
}
const group: Job = {
  kind: "gate-merge-group",
  ...place,
  headSha: "g1",
  headRef: "refs/heads/gh-readonly-queue/main/pr-7-b1",
  baseSha: "b1",
  baseRef: "refs/heads/main",
};
const branch: RunDefaultBranch = { kind: "run-default-branch", ...place };
function release(change: Partial<GateRelease> = {}): GateRelease {
  const waiting = { runId: 30_433_642, environment: "production", deploymentId: 9, sha: "c1" };
  return { kind: "gate-release", ...place, ...waiting, cause: { kind: "requested" }, ...change };
}
const command = { kind: "command", commentId: 1, actor: "lee", line: "/incident-to-eval run" } as const;

const told = <J extends GatePullRequest | DraftFixtures>(job: J, second: number): J => ({
  ...job,
  cause: { ...job.cause, updatedAt: `2026-11-21T10:00:0${second}Z` },
});

const outage = (headSha: string): GatePullRequest => ({
  ...gate,
  cause: { kind: "outage", retry: 1, headSha },
});

const review = (id: number, dismissed = false): GatePullRequest => ({
  ...gate,
  cause: { kind: "reviewed", review: id, dismissed },
});

test.each<[Job, string]>([
  [{ ...draft, repositoryId: 5 }, "draft:5#12"],
  [{ ...gate, repositoryId: 5 }, "gate:5#30"],
  // Jobs of earlier versions, and of events that do not say it.
  [draft, "draft:acme/refunds#12"],
  [gate, "gate:acme/refunds#30"],
  [{ kind: "sweep-deliveries" }, "sweep-deliveries"],
  [{ kind: "sweep-installations" }, "sweep-installations"],
  [{ kind: "sweep-installations", installationId: 77 }, "sweep-installations:77"],
  [{ kind: "sweep-repository", ...place, repositoryId: 5 }, "sweep-repository:5"],
  [move("acme/old"), "move-repository:5"],
  [{ ...group, repositoryId: 5 }, "gate-merge-group:5@g1"],
  [{ kind: "end-merge-group", ...place, headSha: "g1" }, "end-merge-group:acme/refunds@g1"],
  [{ ...release(), repositoryId: 5 }, "release:5:30433642:production"],
  [{ kind: "run-default-branch", ...place, repositoryId: 5 }, "run-default-branch:5"],
])("the key of a job is what it works on", (job, key) => {
  expect(jobKey(job)).toBe(key);
  expect(Object.keys(JOB_POLICIES)).toContain(job.kind);
  expect(jobSchema.parse(JSON.parse(JSON.stringify(job)))).toEqual(job);
});

test.each<[string, Job, Job, boolean]>([
  ["the same event", gate, gate, true],
  ["the same push to the default branch", branch, branch, true],
  ["another push to the default branch", branch, { ...branch, before: "c1" }, false],
  ["the same release, asked for again", release(), release(), true],
  ["a release of another deployment", release(), release({ deploymentId: 10 }), false],
  [
    "an override of a release that is asked for",
    release(),
    release({ cause: { kind: "overridden" } }),
    false,
  ],
  ["a later event", { ...gate, cause: { kind: "opened" } }, gate, true],
  ["another base, which it reads when it starts", gate, { ...gate, cause: { kind: "retargeted" } }, true],
  ["a close", gate, { ...gate, cause: { kind: "closed" } }, true],
  ["a command", gate, { ...gate, cause: command }, false],
  ["an event, while a command of somebody with more rights waits", { ...gate, cause: command }, gate, false],
  ["a re-run", gate, { ...gate, cause: { kind: "rerun", actor: "lee", headSha: "abc" } }, false],
  ["an event, while a provider's outage is waited for", outage("abc"), gate, false],
  ["the next look at the same outage", outage("abc"), outage("abc"), true],
  ["an outage on a newer head", outage("abc"), outage("def"), false],
  ["an event as new as its own", told(gate, 2), told(gate, 2), true],
  ["an event that came late", told(gate, 2), told(gate, 1), true],
  ["an event newer than its own", told(gate, 1), told(gate, 2), false],
  ["an event, while it knows of none", gate, told(gate, 1), false],
  ["a newer edit", told(draft, 1), told(draft, 2), false],
  ["a run that was lost", gate, { ...gate, cause: { kind: "reconcile" } }, true],
  ["the label that came with the opening", draft, { ...draft, cause: { kind: "labeled" } }, true],
  ["what another person did", draft, { ...draft, actor: "lee" }, false],
  ["an incident that a sweep found", draft, { ...draft, cause: { kind: "reconcile" } }, true],
  ["the same move of a repository", move("acme/old"), move("acme/old"), true],
  ["a move from another name", move("acme/old"), move("acme/older"), false],
  ["a command on an issue", draft, { ...draft, cause: command }, false],
  ["the same review", review(1), review(1), true],
  ["another review", review(1), review(2), false],
  ["the dismissal of the same review", review(1), review(1, true), false],
  ["a push after a review", review(1), gate, false],
  ["a review after a push", gate, review(1), false],
])(
  "a waiting job and %s: absorbed is decided by who asked and for what",
  (_what, waiting, next, isAbsorbed) => {
    expect(absorbs(waiting, next)).toBe(isAbsorbed);
  },
);
