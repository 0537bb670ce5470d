import type { GateObstacle } from "../../core/report/gate-report.ts";
import type { JobHandlers } from "../worker.ts";
import type { JobDeps } from "./deps.ts";
import { clearUpDraftFixtures, runDraftFixtures } from "./draft-fixtures.ts";
import { clearUpGatePullRequest, runGatePullRequest } from "./gate-pull-request.ts";
import { clearUpHandleDelivery, type DeliveryDeps, runHandleDelivery } from "./handle-delivery.ts";
import { clearUpReconcile, runReconcile } from "./reconcile.ts";

/** Says for each kind of job what does it, and what closes it when it was given up. */
export function jobHandlers(deps: JobDeps & DeliveryDeps): JobHandlers {
  return {
    "handle-delivery": {
      run: (job) => runHandleDelivery(job, deps),
      onGivenUp: (job, because) => clearUpHandleDelivery(job, because, deps),
    },
    "draft-fixtures": {
      run: (job, turn) => runDraftFixtures(job, turn, deps),
      onGivenUp: (job, because) =>
        clearUpDraftFixtures(job, { system: "incident-to-eval", message: because }, deps),
    },
    "gate-pull-request": {
      run: (job, turn) => runGatePullRequest(job, turn, deps),
      onGivenUp: (job, because) => clearUpGatePullRequest(job, outage(because), deps),
    },
    reconcile: {
      run: (job) => runReconcile(job, deps),
      onGivenUp: (job) => clearUpReconcile(job, deps),
    },
  };
}

function outage(message: string): GateObstacle {
  return { kind: "outage", system: "incident-to-eval", message };
}
