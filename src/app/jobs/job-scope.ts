import type { GitHub } from "../../ports/github.ts";
import type { Metrics } from "../../ports/metrics.ts";
import type { GateRuns } from "../../ports/records.ts";
import type { Logger } from "../log.ts";
import type { WorkTurn } from "../worker.ts";
import type { JobDeps } from "./deps.ts";
import type { Job } from "./job.ts";

/** What is seen of one attempt at a job from outside: its log and what is counted of it. */
type Scoped = Pick<JobDeps, "connect" | "gateRuns" | "metrics"> & {
  readonly log: Pick<Logger, "info" | "warn">;
};

/** Gives one attempt at a job what it needs such that all it does on GitHub is logged as its own, and what comes of it is counted. */
export function scopeOf<D extends Scoped>(deps: D, job: Job, { log, origin }: WorkTurn): D {
  const isPutOff = "cause" in job && (job.cause.kind === "outage" || job.cause.kind === "lapsed");
  return {
    ...deps,
    log,
    connect: async (installationId: number, owner: string, repo: string) =>
      watchedGitHub(await deps.connect(installationId, owner, repo, log), {
        job,
        log,
        metrics: deps.metrics,
      }),
    // From the event on, unless the job was meant to wait.
    gateRuns: isPutOff ? deps.gateRuns : timedRuns(deps.gateRuns, origin.queuedAt, deps.metrics),
  };
}

function watchedGitHub(
  github: GitHub,
  { job, log, metrics }: { readonly job: Job; readonly log: Logger; readonly metrics: Metrics },
): GitHub {
  const { pullRequests, proposals } = github;
  let sha: string | undefined;
  return {
    repository: github.repository,
    commits: github.commits,
    issues: github.issues,
    people: github.people,
    checks: github.checks,
    openWork: github.openWork,
    releases: github.releases,
    pullRequests: {
      async fetchPullRequest(number) {
        const found = await pullRequests.fetchPullRequest(number);
        const isOurs = "pullRequest" in job && job.pullRequest === number;
        // A line says a key once: a head that moved meanwhile is another job's.
        if (isOurs && sha === undefined && found !== undefined) {
          sha = found.head.sha;
          log.setBindings({ sha });
        }
        return found;
      },
      fetchHeadRef: (number) => pullRequests.fetchHeadRef(number),
      searchOpen: (headSha) => pullRequests.searchOpen(headSha),
      fetchReviews: (number) => pullRequests.fetchReviews(number),
      searchOpenFrom: (branchPrefix) => pullRequests.searchOpenFrom(branchPrefix),
    },
    proposals: {
      async openProposal(proposal, lastWritten) {
        const result = await proposals.openProposal(proposal, lastWritten);
        if (job.kind === "draft-fixtures") metrics.note({ kind: "drafts_proposed", outcome: result.kind });
        return result;
      },
    },
  };
}

function timedRuns(gateRuns: GateRuns, queuedAt: Date, metrics: Metrics): GateRuns {
  return {
    ...gateRuns,
    async saveRun(run) {
      await gateRuns.saveRun(run);
      if (run.state !== "completed") return;
      metrics.note({ kind: "checks_concluded", afterMs: run.updatedAt.getTime() - queuedAt.getTime() });
    },
  };
}
