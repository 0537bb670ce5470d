import type { GateObstacle } from "../../core/report/gate-report.ts";
import { renderChecks, renderObstacle, renderProgress } from "../../core/report/render-checks.ts";
import { renderJson } from "../../core/report/render-json.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Turn } from "../../ports/job-queue.ts";
import type { GateRun } from "../../ports/records.ts";
import type { JobDeps } from "./deps.ts";
import { type Evaluation, evaluatePullRequest } from "./evaluate-pull-request.ts";
import {
  cancelOvertaken,
  cancelRun,
  completeRun,
  isAnswered,
  isSeen,
  openRuns,
  publishChecks,
  takeUpRun,
} from "./gate-run.ts";
import type { GatePullRequest } from "./job.ts";
import { mayRun, obeyGateCommand } from "./obey-gate-command.ts";
import { readPullRequest } from "./read-pull-request.ts";
import { supersession } from "./supersession.ts";

/** Minutes after which a run is tried again that the model provider left undecided. */
const OUTAGE_RETRY_MINUTES = [5, 15, 60] as const;
const MINUTE_MS = 60_000;

/** Pull request in, check runs out: the second half of the product. */
export async function runGatePullRequest(job: GatePullRequest, turn: Turn, deps: JobDeps): Promise<void> {
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const order = await obeyGateCommand(job, github);
  if (order.kind === "done") return;

  const pullRequest = await github.pullRequests.fetchPullRequest(job.pullRequest);
  if (pullRequest === undefined) return;
  const repo = `${job.owner}/${job.repo}`;
  await cancelOvertaken(repo, pullRequest, github.checks, deps);
  if (pullRequest.state === "closed") return;
  if (order.onlyHead !== undefined && order.onlyHead !== pullRequest.head.sha) return;

  const commits = await readPullRequest(github.repository, pullRequest);
  if (commits.kind === "not_configured") return;
  if (pullRequest.draft && !commits.gatesDrafts) return;
  if (!order.again && (await isAnswered(repo, pullRequest, commits.baseSha, deps))) return;

  const isKnownHead = await isSeen(repo, pullRequest, deps);
  const begun = await takeUpRun(repo, pullRequest, commits.baseSha, deps);
  const run = await publishChecks(begun, renderProgress(progressOf(begun, 0, 0)), github.checks, deps);
  const evaluation = await evaluatePullRequest({
    repo,
    pullRequest,
    commits,
    mayPay: !pullRequest.fromFork || (order.approved && isKnownHead),
    repository: github.repository,
    signal: turn.signal,
    supersededBy: supersession(repo, pullRequest, github.pullRequests, deps),
    onProgress: async (done, total) => {
      await publishChecks(run, renderProgress(progressOf(run, done, total)), github.checks, deps);
    },
    deps,
  });
  await publishEvaluation({ job, run, evaluation, github, deps });
}

/** Closes what a run that was given up left open, so that no check is ever stuck. */
export async function clearUpGatePullRequest(
  job: GatePullRequest,
  obstacle: GateObstacle,
  deps: JobDeps,
): Promise<void> {
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const pullRequest = await github.pullRequests.fetchPullRequest(job.pullRequest);
  if (pullRequest === undefined) return;
  const repo = `${job.owner}/${job.repo}`;
  await cancelOvertaken(repo, pullRequest, github.checks, deps);
  if (pullRequest.state === "closed") return;
  const [open] = await openRuns(repo, pullRequest.number, deps);
  if (open === undefined && !mayRun(job.cause)) return;
  const run = open ?? (await takeUpRun(repo, pullRequest, pullRequest.base.sha, deps));
  await publishObstacle(run, obstacle, github, deps);
}

async function publishEvaluation(parts: {
  readonly job: GatePullRequest;
  readonly run: GateRun;
  readonly evaluation: Evaluation;
  readonly github: GitHub;
  readonly deps: JobDeps;
}): Promise<void> {
  const { job, run, evaluation, github, deps } = parts;
  switch (evaluation.kind) {
    case "superseded":
      return await cancelRun(run, evaluation.newHead, github.checks, deps);
    case "obstacle":
      return await publishObstacle(run, evaluation.obstacle, github, deps);
    case "evaluated": {
      const rendered = renderChecks(evaluation.report, run.id);
      const published = await publishChecks(run, rendered, github.checks, deps);
      await deps.heldFixtures.saveHeld(run.repo, evaluation.held);
      await completeRun(published, renderJson(evaluation.report), deps);
      if (evaluation.outage) await tryAgainLater(job, run, deps);
    }
  }
}

async function publishObstacle(
  run: GateRun,
  obstacle: GateObstacle,
  github: GitHub,
  deps: JobDeps,
): Promise<void> {
  const rendered = renderObstacle(obstacle, { headSha: run.headSha, externalId: run.id });
  const published = await publishChecks(run, rendered, github.checks, deps);
  await completeRun(published, { obstacle }, deps);
}

async function tryAgainLater(job: GatePullRequest, run: GateRun, deps: JobDeps): Promise<void> {
  const retry = job.cause.kind === "outage" ? job.cause.retry : 0;
  const minutes = OUTAGE_RETRY_MINUTES[retry];
  if (minutes === undefined) return;
  await deps.queue.enqueue(
    { ...job, cause: { kind: "outage", retry: retry + 1, headSha: run.headSha } },
    new Date(deps.now().getTime() + minutes * MINUTE_MS),
  );
}

function progressOf(run: GateRun, done: number, total: number) {
  return { headSha: run.headSha, externalId: run.id, done, total };
}
