import { expect, test } from "@jest/globals";
import type { Reconcile } from "../../../src/app/jobs/job.ts";
import { clearUpReconcile, type ReconcileDeps, runReconcile } from "../../../src/app/jobs/reconcile.ts";
import type { GateRun } from "../../../src/ports/records.ts";
import type { StandaloneRun } from "../../../src/ports/standalone-runs.ts";
import { aGateRun } from "../../build/gate-runs.ts";

const job: Reconcile = { kind: "reconcile" };

function depsThatNote(
  did: string[],
  running: readonly GateRun[] = [],
  standalone: readonly StandaloneRun[] = [],
): ReconcileDeps {
  const prune = (what: string) => async (before: Date) => {
    did.push(`prune ${what} before ${before.toISOString()}`);
    return 0;
  };
  return {
    now: () => new Date("2026-11-21T10:00:00Z"),
    deliveries: { pruneSettled: prune("deliveries"), clearPayloads: prune("payloads") },
    deadLetters: { pruneBefore: prune("dead letters") },
    gateRuns: { searchRunning: async () => running, pruneOver: prune("runs") },
    standaloneRuns: { searchRunning: async () => standalone, pruneOver: prune("runs of no pull request") },
    outcomes: { pruneOutcomes: prune("outcomes") },
    blobs: { pruneUnused: prune("blobs") },
    trials: { pruneTrials: prune("trials") },
    creations: { pruneCreations: prune("creations") },
    sweepMarks: { pruneMarks: prune("marks of sweeps") },
    missedDeliveries: { pruneMissed: prune("missed deliveries") },
    generations: { pruneUntouched: prune("events") },
    reportPages: { prunePages: prune("report pages") },
    storeCare: { reclaimSpace: async () => void did.push("free the space") },
    repositoryNames: { pruneUnnamed: prune("repositories"), fetchId: async () => 5 },
    queue: {
      async enqueue(queued, notBefore) {
        const place =
          queued.kind === "gate-pull-request" ? ` of ${queued.repositoryId}#${queued.pullRequest}` : "";
        did.push(`${queued.kind}${place} at ${notBefore?.toISOString() ?? "once"}`);
        return "queued";
      },
    },
  };
}

test("prunes what is long done, each after its time, and comes back in an hour", async () => {
  const did: string[] = [];
  await runReconcile(job, depsThatNote(did));
  expect(did).toEqual([
    "prune payloads before 2026-11-18T10:00:00.000Z",
    "prune deliveries before 2026-10-22T10:00:00.000Z",
    "prune runs before 2026-05-25T10:00:00.000Z",
    "prune runs of no pull request before 2026-05-25T10:00:00.000Z",
    "prune outcomes before 2026-08-23T10:00:00.000Z",
    "prune blobs before 2026-10-22T10:00:00.000Z",
    "prune trials before 2026-11-19T10:00:00.000Z",
    "prune creations before 2026-05-25T10:00:00.000Z",
    "prune marks of sweeps before 2026-10-22T10:00:00.000Z",
    "prune missed deliveries before 2026-10-22T10:00:00.000Z",
    "prune repositories before 2026-05-25T10:00:00.000Z",
    "prune dead letters before 2026-08-23T10:00:00.000Z",
    "prune events before 2026-10-22T10:00:00.000Z",
    "prune report pages before 2026-11-07T10:00:00.000Z",
    "free the space",
    "reconcile at 2026-11-21T11:00:00.000Z",
  ]);
});

test.each([
  { what: "shows no life for longer than an attempt may take", run: { pullRequest: 30 }, gated: true },
  { what: "is at work", run: { updatedAt: new Date("2026-11-21T08:30:00Z") }, gated: false },
  { what: "is of an installation that was not kept", run: { installationId: undefined }, gated: false },
])("the pull request of a run that $what is gated anew: $gated", async ({ run, gated }) => {
  const did: string[] = [];
  const begun = { updatedAt: new Date("2026-11-21T07:59:59Z") };
  await runReconcile(job, depsThatNote(did, [aGateRun({ ...begun, ...run })]));
  expect(did.includes("gate-pull-request of 5#30 at once")).toBe(gated);
});

test("comes back in an hour also when it was given up", async () => {
  const did: string[] = [];
  await clearUpReconcile(job, depsThatNote(did));
  expect(did).toEqual(["reconcile at 2026-11-21T11:00:00.000Z"]);
});

const LOST: StandaloneRun = {
  repo: "acme/refunds",
  kind: "release",
  subject: "30433642 production",
  id: "s1",
  installationId: 77,
  headSha: "c1",
  state: "running",
  checkRunIds: {},
  answer: undefined,
  jobId: "job-1",
  job: {
    kind: "gate-release",
    installationId: 77,
    owner: "acme",
    repo: "old-name",
    runId: 30433642,
    environment: "production",
    sha: "c1",
    cause: { kind: "outage", retry: 2 },
  },
  result: null,
  reports: 0,
  createdAt: new Date("2026-11-21T01:00:00Z"),
  updatedAt: new Date("2026-11-21T01:00:00Z"),
};
const GROUP = { kind: "gate-merge-group", installationId: 77, owner: "acme", repo: "refunds" } as const;
const REFS = { headSha: "g1", headRef: "refs/heads/g", baseSha: "b1", baseRef: "refs/heads/main" } as const;

test.each([
  { what: "a release that nobody is at work on", run: LOST, asked: ["gate-release at once"] },
  {
    what: "a merge group that nobody is at work on",
    run: { ...LOST, job: { ...GROUP, ...REFS } },
    asked: ["gate-merge-group at once"],
  },
  { what: "a release at work", run: { ...LOST, updatedAt: new Date("2026-11-21T09:00:00Z") }, asked: [] },
  { what: "a run whose job no version knows", run: { ...LOST, job: { kind: "gone" } }, asked: [] },
])("$what asks for $asked", async ({ run, asked }) => {
  const did: string[] = [];
  await runReconcile(job, depsThatNote(did, [], [run]));
  expect(did.filter((line) => line.startsWith("gate-"))).toEqual(asked);
});
