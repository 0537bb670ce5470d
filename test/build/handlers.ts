import type { Job } from "../../src/app/jobs/job.ts";
import type { JobHandlers } from "../../src/app/worker.ts";

/** What does a job of any kind. */
interface AnyHandler {
  readonly run: (job: Job) => Promise<void>;
  readonly onGivenUp: (job: Job, because: string) => Promise<void>;
}

/** Handlers that do every kind of job in the same way. */
export function sameHandlers(handler: AnyHandler): JobHandlers {
  return {
    "draft-fixtures": handler,
    "gate-pull-request": handler,
    reconcile: handler,
    "sweep-deliveries": handler,
    "sweep-installations": handler,
    "sweep-repository": handler,
    "move-repository": handler,
    "gate-merge-group": handler,
    "end-merge-group": handler,
    "gate-release": handler,
    "run-default-branch": handler,
    "offer-setups": handler,
    "propose-setup": handler,
  };
}
