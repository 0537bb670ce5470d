import type { GateObstacle } from "../../core/report/gate-report.ts";
import { noteBrokenJudging } from "../../core/report/note-broken-judging.ts";
import { renderChecks, renderObstacle, renderProgress } from "../../core/report/render-checks.ts";
import { renderJson } from "../../core/report/render-json.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Turn } from "../../ports/job-queue.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { GateRun } from "../../ports/records.ts";
import { awaitShown } from "./await-shown.ts";
import { cancelOpen, cancelOvertaken, cancelRun } from "./cancel-runs.ts";
import { readDefaultBranch } from "./default-branch.ts";
import type { JobDeps } from "./deps.ts";
import type { Evaluation } from "./evaluate-commits.ts";
import { evaluatePullRequest } from "./evaluate-pull-request.ts";
import type { GateOrder } from "./gate-order.ts";
import {
  completeRun,
  type Decision,
  decideRun,
  isAnswered,
  isCompleted,
  isDone,
  isOf,
  isOutageOpen,
  isSeen,
  openRuns,
  publishChecks,
  takeUpRun,
} from "./gate-run.ts";
import { heedSignal } from "./heed-signal.ts";
import type { GatePullRequest } from "./job.ts";
import { mayRun, obeyGateCommand } from "./obey-gate-command.ts";
import { digestJudges, gatesDrafts, type PullRequestCommits, readPullRequest } from "./read-pull-request.ts";
import { publishDecisions, republishShared } from "./shared-head.ts";
import { supersession } from "./supersession.ts";

/** Minutes after which a run is tried again that the model provider left undecided. */
const OUTAGE_RETRY_MINUTES = [5, 15, 60] as const;
const MINUTE_MS = 60_000;

/** A pull request whose gate is at work, and the outside. */
interface GateScene {
  readonly job: GatePullRequest;
  /** The queue's id of the job. */
  readonly jobId: string;
  readonly repo: string;
  readonly pullRequest: PullRequest;
  readonly github: GitHub;
  readonly deps: JobDeps;
}

/** Pull request in, check runs out: the second half of the product. */
export async function runGatePullRequest(job: GatePullRequest, turn: Turn, given: JobDeps): Promise<void> {
  const deps = heedSignal(given, turn.signal);
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const order = await obeyGateCommand(job, github, deps);
  if (order.kind === "done") return;

  const pullRequest = await github.pullRequests.fetchPullRequest(job.pullRequest);
  awaitShown(pullRequest, job, turn.origin, deps.now());
  if (pullRequest === undefined) return;
  const repo = `${job.owner}/${job.repo}`;
  const jobId = turn.origin.id;
  const scene = { job, jobId, repo, pullRequest, github, deps };
  await cancelOvertaken(repo, pullRequest, github, deps);
  if (pullRequest.state === "closed") return;
  if (await isDone(repo, pullRequest, jobId, deps)) return;
  const due = await readDue(order, scene);
  if (due === undefined) return await cancelOpen(repo, pullRequest, github, deps);

  const isKnownHead = await isSeen(repo, pullRequest, deps);
  const { commits, judgedBy } = due;
  const begun = await takeUpRun(
    { installationId: job.installationId, repo, pullRequest, baseSha: commits.baseSha, judgedBy, jobId },
    deps,
  );
  if (begun.checks !== undefined) return await publishRun(begun, scene);

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
  if (evaluation.kind === "superseded")
    return await cancelRun(run, pullRequest, evaluation.newHead, github, deps);
  if (evaluation.kind === "evaluated") await deps.heldFixtures.saveHeld(repo, evaluation.held);
  const decided = await decideRun(run, decisionOf(evaluation, run, commits), deps);
  await publishRun(decided, scene);
}

/** Closes what a run that was given up left open, so that no check is ever stuck. */
export async function clearUpGatePullRequest(
  job: GatePullRequest,
  obstacle: GateObstacle,
  { origin: { id: jobId } }: Pick<Turn, "origin">,
  deps: JobDeps,
): Promise<void> {
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const pullRequest = await github.pullRequests.fetchPullRequest(job.pullRequest);
  if (pullRequest === undefined) return;
  const repo = `${job.owner}/${job.repo}`;
  const scene = { job, jobId, repo, pullRequest, github, deps };
  await cancelOvertaken(repo, pullRequest, github, deps);
  if (pullRequest.state === "closed" || !mayRun(job.cause, pullRequest.head.sha)) return;
  if (await isDone(repo, pullRequest, jobId, deps)) return;
  const open = (await openRuns(repo, pullRequest.number, deps)).find((run) => isOf(run, pullRequest));
  const run = open ?? (await beginForObstacle(scene));
  if (run === undefined) return;
  await publishRun(await decideRun(run, obstacleDecision(obstacle, run), deps), scene);
}

/** What a job has to judge, and by what. */
interface Due {
  readonly commits: PullRequestCommits;
  readonly judgedBy: string;
}

/** Reads what is to be judged; undefined where there is nothing to run for this job. */
async function readDue(
  order: Extract<GateOrder, { kind: "run" }>,
  scene: GateScene,
): Promise<Due | undefined> {
  const { repo, pullRequest, github, deps } = scene;
  if (order.onlyHead !== undefined && order.onlyHead !== pullRequest.head.sha) return undefined;
  if (order.when === "outage" && !(await isOutageOpen(repo, pullRequest, deps))) return undefined;
  const commits = await readPullRequest(github.repository, repo, pullRequest, deps);
  if (commits.kind === "not_configured") return undefined;
  if (pullRequest.draft && !commits.gatesDrafts) return undefined;
  const judgedBy = digestJudges(commits, deps.digest);
  if (order.when !== "unanswered" || !(await isAnswered(repo, pullRequest, judgedBy, deps)))
    return { commits, judgedBy };
  // It may have come back to a commit on which the others were shown without it.
  await republishShared(repo, pullRequest.head.sha, pullRequest, github, deps);
  return undefined;
}

/** Begins a run that only says what stood in its way; undefined where none would have begun. */
async function beginForObstacle(scene: GateScene): Promise<GateRun | undefined> {
  const { job, jobId, repo, pullRequest, github, deps } = scene;
  // What such a job looks for is there already, and red.
  if (job.cause.kind === "outage") return undefined;
  if (job.cause.kind === "reconcile" && (await isCompleted(repo, pullRequest, deps))) return undefined;
  const { judging } = await readDefaultBranch(github.repository, repo, deps);
  if (judging.kind === "absent" || (pullRequest.draft && !gatesDrafts(judging))) return undefined;
  const { installationId } = job;
  // No digest is like this one, so the next event is an occasion to decide.
  return await takeUpRun(
    { installationId, repo, pullRequest, baseSha: pullRequest.base.sha, judgedBy: "", jobId },
    deps,
  );
}

/** Tells what a run came to, and closes it; may be repeated. */
async function publishRun(decided: GateRun, { job, pullRequest, github, deps }: GateScene): Promise<void> {
  const published = await publishDecisions(decided, pullRequest, github, deps);
  if (published.outage) await tryAgainLater(job, published, deps);
  await completeRun(published, deps);
}

function decisionOf(
  evaluation: Exclude<Evaluation, { kind: "superseded" }>,
  run: GateRun,
  { brokenJudging, judging }: PullRequestCommits,
): Decision {
  if (evaluation.kind === "obstacle") return obstacleDecision(evaluation.obstacle, run);
  const { report, outage } = evaluation;
  const judgedBy = judging.kind === "parsed" ? "last_usable" : "head";
  const checks = noteBrokenJudging(renderChecks(report, run.id), brokenJudging, judgedBy);
  return { checks, outage, result: renderJson(report) };
}

function obstacleDecision(obstacle: GateObstacle, run: GateRun): Decision {
  const checks = renderObstacle(obstacle, { headSha: run.headSha, externalId: run.id });
  return { checks, outage: false, result: { obstacle } };
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
