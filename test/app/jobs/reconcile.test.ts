import { expect, test } from "@jest/globals";
import type { Reconcile } from "../../../src/app/jobs/job.ts";
import { clearUpReconcile, type ReconcileDeps, runReconcile } from "../../../src/app/jobs/reconcile.ts";

const job: Reconcile = { kind: "reconcile" };

function depsThatNote(did: string[]): ReconcileDeps {
  return {
    now: () => new Date("2026-11-21T10:00:00Z"),
    deliveries: {
      async pruneProcessed(before) {
        did.push(`prune before ${before.toISOString()}`);
        return 0;
      },
    },
    queue: {
      async enqueue({ kind }, notBefore) {
        did.push(`${kind} at ${notBefore?.toISOString()}`);
        return "queued";
      },
    },
  };
}

test("prunes what was done more than thirty days ago, and comes back in an hour", async () => {
  const did: string[] = [];
  await runReconcile(job, depsThatNote(did));
  expect(did).toEqual(["prune before 2026-10-22T10:00:00.000Z", "reconcile at 2026-11-21T11:00:00.000Z"]);
});

test("comes back in an hour also when it was given up", async () => {
  const did: string[] = [];
  await clearUpReconcile(job, depsThatNote(did));
  expect(did).toEqual(["reconcile at 2026-11-21T11:00:00.000Z"]);
});
