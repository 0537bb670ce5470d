import type { GateObstacle } from "../../core/report/gate-report.ts";
import type { JobHandler, JobHandlers, WorkTurn } from "../worker.ts";
import type { JobDeps } from "./deps.ts";
import { clearUpDraftFixtures, runDraftFixtures } from "./draft-fixtures.ts";
import { clearUpGateMergeGroup, runEndMergeGroup, runGateMergeGroup } from "./gate-merge-group.ts";
import { clearUpGatePullRequest, runGatePullRequest } from "./gate-pull-request.ts";
import { clearUpGateRelease, runGateRelease } from "./gate-release.ts";
import { type OutsideFailure, outsideOf } from "./given-up.ts";
import { type Job, jobKey } from "./job.ts";
import { scopeOf } from "./job-scope.ts";
import { clearUpWhereItIs, type LocateDeps, type Placed, runWhereItIs } from "./locate.ts";
import { runOfferSetups } from "./offer-setups.ts";
import { type ProposeSetupDeps, runProposeSetup } from "./propose-setup.ts";
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
  ProposeSetupDeps &
  SweepRepositoryDeps;

/** Says for each kind of job what does it, and what closes it when it was given up. */
export function jobHandlers(deps: HandlerDeps): JobHandlers {
  const placed = placedHandlers(deps);
  return {
    "draft-fixtures": placed(runDraftFixtures, (there, job, because, turn, scope) =>
      clearUpDraftFixtures(there, failureOf(job, because), turn, scope),
    ),
    "gate-pull-request": placed(runGatePullRequest, (there, job, because, turn, scope) =>
      clearUpGatePullRequest(there, obstacleOf(job, because), turn, scope),
    ),
    "gate-merge-group": placed(runGateMergeGroup, (there, job, because, turn, scope) =>
      clearUpGateMergeGroup(there, obstacleOf(job, because), turn, scope),
    ),
    "gate-release": placed(runGateRelease, (there, job, because, turn, scope) =>
      clearUpGateRelease(there, obstacleOf(job, because), turn, scope),
    ),
    // Nobody waits for the checks of a group that the queue let go of.
    "end-merge-group": placed(runEndMergeGroup, NOTHING_TO_CLEAR_UP),
    // What is not known of the default branch is measured where it is needed.
    "run-default-branch": placed(runDefaultBranchSuite, NOTHING_TO_CLEAR_UP),
    // That it is found is all: what is kept of it goes along. The next job of the repository finds it too.
    "move-repository": placed(async () => undefined, NOTHING_TO_CLEAR_UP),
    // It stands on the list of what was given up, and is only a proposal.
    "propose-setup": placed((there, _turn, scope) => runProposeSetup(there, scope), NOTHING_TO_CLEAR_UP),
    "offer-setups": { run: (job) => runOfferSetups(job, deps), onGivenUp: async () => undefined },
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
  };
}

const NOTHING_TO_CLEAR_UP = undefined;

/** Makes handlers of jobs of one repository, which are done where that is by now. */
function placedHandlers(deps: HandlerDeps) {
  return <J extends Job & Placed>(
    run: (there: J, turn: WorkTurn, scope: HandlerDeps) => Promise<void>,
    clearUp:
      | ((there: J, job: J, because: string, turn: WorkTurn, scope: HandlerDeps) => Promise<void>)
      | undefined,
  ): JobHandler<J> => ({
    run(job, turn) {
      const scope = scopeOf(deps, job, turn);
      return runWhereItIs(job, scope, (there) => run(there, turn, scope));
    },
    async onGivenUp(job, because, turn) {
      if (clearUp === undefined) return;
      const scope = scopeOf(deps, job, turn);
      await clearUpWhereItIs(job, scope, (there) => clearUp(there, job, because, turn, scope));
    },
  });
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
