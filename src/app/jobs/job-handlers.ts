import type { GateObstacle } from "../../core/report/gate-report.ts";
import type { JobHandlers } from "../worker.ts";
import type { JobDeps } from "./deps.ts";
import { clearUpDraftFixtures, runDraftFixtures } from "./draft-fixtures.ts";
import { clearUpGatePullRequest, runGatePullRequest } from "./gate-pull-request.ts";
import { type OutsideFailure, outsideOf } from "./given-up.ts";
import { type Job, jobKey } from "./job.ts";
import { clearUpReconcile, type ReconcileDeps, runReconcile } from "./reconcile.ts";

/** Says for each kind of job what does it, and what closes it when it was given up. */
export function jobHandlers(deps: JobDeps & ReconcileDeps): JobHandlers {
  return {
    "draft-fixtures": {
      run: (job, turn) => runDraftFixtures(job, turn, deps),
      onGivenUp: (job, because) => clearUpDraftFixtures(job, failureOf(job, because), deps),
    },
    "gate-pull-request": {
      run: (job, turn) => runGatePullRequest(job, turn, deps),
      onGivenUp: (job, because) => clearUpGatePullRequest(job, obstacleOf(job, because), deps),
    },
    reconcile: {
      run: (job) => runReconcile(job, deps),
      onGivenUp: (job) => clearUpReconcile(job, deps),
    },
  };
}

/** People see what the outside said; a fault of ours may hold anything, so they get the place in the log. */
function failureOf(job: Job, because: string): OutsideFailure {
  return (
    outsideOf(because) ?? {
      system: "incident-to-eval",
      message: `a fault of the app itself, which its log holds under the key ${jobKey(job)}`,
    }
  );
}

function obstacleOf(job: Job, because: string): GateObstacle {
  const outside = outsideOf(because);
  return outside === undefined ? { kind: "fault", reference: jobKey(job) } : { kind: "outage", ...outside };
}
