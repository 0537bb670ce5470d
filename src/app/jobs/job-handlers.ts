import type { GateObstacle } from "../../core/report/gate-report.ts";
import type { JobHandlers } from "../worker.ts";
import type { JobDeps } from "./deps.ts";
import { clearUpDraftFixtures, runDraftFixtures } from "./draft-fixtures.ts";
import { clearUpGateMergeGroup, runEndMergeGroup, runGateMergeGroup } from "./gate-merge-group.ts";
import { clearUpGatePullRequest, runGatePullRequest } from "./gate-pull-request.ts";
import { clearUpGateRelease, runGateRelease } from "./gate-release.ts";
import { type OutsideFailure, outsideOf } from "./given-up.ts";
import { type Job, jobKey } from "./job.ts";
import { scopeOf } from "./job-scope.ts";
import { clearUpWhereItIs, type LocateDeps, runWhereItIs } from "./locate.ts";
import { clearUpReconcile, type ReconcileDeps, runReconcile } from "./reconcile.ts";
import { runDefaultBranchSuite } from "./run-default-branch.ts";
import { clearUpSweepDeliveries, runSweepDeliveries, type SweepDeliveriesDeps } from "./sweep-deliveries.ts";
import {
  clearUpSweepInstallations,
  runSweepInstallations,
  type SweepInstallationsDeps,
} from "./sweep-installations.ts";
import { runSweepRepository, type SweepRepositoryDeps } from "./sweep-repository.ts";

/** Everything that some job needs. */
export type HandlerDeps = JobDeps &
  ReconcileDeps &
  LocateDeps &
  SweepDeliveriesDeps &
  SweepInstallationsDeps &
  SweepRepositoryDeps;

/** Says for each kind of job what does it, and what closes it when it was given up. */
export function jobHandlers(deps: HandlerDeps): JobHandlers {
  return {
    "draft-fixtures": {
      run(job, turn) {
        const scope = scopeOf(deps, job, turn);
        return runWhereItIs(job, scope, (there) => runDraftFixtures(there, turn, scope));
      },
      onGivenUp(job, because, turn) {
        const scope = scopeOf(deps, job, turn);
        const failure = failureOf(job, because);
        return clearUpWhereItIs(job, scope, (there) => clearUpDraftFixtures(there, failure, turn, scope));
      },
    },
    "gate-pull-request": {
      run(job, turn) {
        const scope = scopeOf(deps, job, turn);
        return runWhereItIs(job, scope, (there) => runGatePullRequest(there, turn, scope));
      },
      onGivenUp(job, because, turn) {
        const scope = scopeOf(deps, job, turn);
        const obstacle = obstacleOf(job, because);
        return clearUpWhereItIs(job, scope, (there) => clearUpGatePullRequest(there, obstacle, turn, scope));
      },
    },
    "gate-merge-group": {
      run(job, turn) {
        const scope = scopeOf(deps, job, turn);
        return runWhereItIs(job, scope, (there) => runGateMergeGroup(there, turn, scope));
      },
      onGivenUp(job, because, turn) {
        const scope = scopeOf(deps, job, turn);
        const obstacle = obstacleOf(job, because);
        return clearUpWhereItIs(job, scope, (there) => clearUpGateMergeGroup(there, obstacle, turn, scope));
      },
    },
    "end-merge-group": {
      run(job, turn) {
        const scope = scopeOf(deps, job, turn);
        return runWhereItIs(job, scope, (there) => runEndMergeGroup(there, turn, scope));
      },
      // Nobody waits for the checks of a group that the queue let go of.
      onGivenUp: async () => undefined,
    },
    "gate-release": {
      run(job, turn) {
        const scope = scopeOf(deps, job, turn);
        return runWhereItIs(job, scope, (there) => runGateRelease(there, turn, scope));
      },
      onGivenUp(job, because, turn) {
        const scope = scopeOf(deps, job, turn);
        const obstacle = obstacleOf(job, because);
        return clearUpWhereItIs(job, scope, (there) => clearUpGateRelease(there, obstacle, turn, scope));
      },
    },
    "run-default-branch": {
      run(job, turn) {
        const scope = scopeOf(deps, job, turn);
        return runWhereItIs(job, scope, (there) => runDefaultBranchSuite(there, turn, scope));
      },
      // What is not known of the default branch is measured where it is needed.
      onGivenUp: async () => undefined,
    },
    reconcile: {
      run: (job) => runReconcile(job, deps),
      onGivenUp: (job) => clearUpReconcile(job, deps),
    },
    "sweep-deliveries": {
      run: (job, turn) => runSweepDeliveries(job, scopeOf(deps, job, turn)),
      onGivenUp: (job) => clearUpSweepDeliveries(job, deps),
    },
    "sweep-installations": {
      run: (job) => runSweepInstallations(job, deps),
      onGivenUp: (job) => clearUpSweepInstallations(job, deps),
    },
    "sweep-repository": {
      // Where it is was just listed, and what the sweep asks for looks again.
      run: (job, turn) => runSweepRepository(job, scopeOf(deps, job, turn)),
      // The next sweep comes by itself.
      onGivenUp: async () => undefined,
    },
    "move-repository": {
      // That it is found is all: what is kept of it goes along.
      run: (job, turn) => runWhereItIs(job, scopeOf(deps, job, turn), async () => undefined),
      // The next job of the repository finds it too.
      onGivenUp: async () => undefined,
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
