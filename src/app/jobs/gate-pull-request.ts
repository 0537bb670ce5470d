import { chooseJudging } from "../../core/config/choose-judging.ts";
import { dayOf } from "../../core/fixture/day.ts";
import type { CheckRun } from "../../core/report/check-run.ts";
import { decideChecks, type GateFindings, type Outcome } from "../../core/report/decide-checks.ts";
import type { GateObstacle } from "../../core/report/gate-report.ts";
import { noteBrokenJudging } from "../../core/report/note-broken-judging.ts";
import {
  countsOnly,
  NOT_BEGUN,
  type Progress,
  renderObstacle,
  renderProgress,
} from "../../core/report/render-checks.ts";
import { withGuard } from "../../core/report/render-guard.ts";
import type { QuarantineDecision } from "../../ports/decisions.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Turn } from "../../ports/job-queue.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { GateRun } from "../../ports/records.ts";
import { announceRun } from "./announce-run.ts";
import { awaitForkHead, awaitShown } from "./await-shown.ts";
import { cancelOpen, cancelOvertaken, cancelRun } from "./cancel-runs.ts";
import { readDefaultBranch } from "./default-branch.ts";
import type { JobDeps } from "./deps.ts";
import type { Evaluation } from "./evaluate-commits.ts";
import { evaluatePullRequest } from "./evaluate-pull-request.ts";
import { updateHistory } from "./fixture-history.ts";
import type { GateOrder } from "./gate-order.ts";
import {
  completeRun,
  type Decision,
  decideRun,
  isAnswered,
  isApproved,
  isCompleted,
  isDone,
  isOf,
  isOutageOpen,
  isSeen,
  openRuns,
  publishChecks,
  takeUpRun,
} from "./gate-run.ts";
import { guardPullRequest } from "./guard-pull-request.ts";
import { hearReview, resultOf } from "./hear-review.ts";
import { heedSignal } from "./heed-signal.ts";
import type { GatePullRequest } from "./job.ts";
import { withPage } from "./keep-page.ts";
import { mayRun, obeyGateCommand } from "./obey-gate-command.ts";
import { readConfigEffect } from "./read-config-effect.ts";
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
  const isAnnounced = await announceRun(order, scene);
  await cancelOvertaken(repo, pullRequest, github, deps);
  if (pullRequest.state === "closed") return;
  if (await isDone(repo, pullRequest, jobId, deps)) return;
  if (pullRequest.fromFork)
    awaitForkHead(
      pullRequest,
      await github.pullRequests.fetchHeadRef(pullRequest.number),
      turn.origin,
      deps.now(),
    );
  if (job.cause.kind === "reviewed") {
    const heard = await hearReview(job.cause, turn.origin, scene);
    if (heard.kind === "decided") return await publishRun(heard.run, scene);
    if (heard.kind === "unchanged") return;
  }
  const due = await readDue(order, scene);
  if (due === undefined) return await cancelOpen(repo, pullRequest, github, deps);

  const isApprovedNow = order.approved && (await isSeen(repo, pullRequest, deps));
  const approved = isApprovedNow || (await isApproved(repo, pullRequest, deps));
  const { commits, judgedBy } = due;
  const begun = await takeUpRun(
    {
      installationId: job.installationId,
      repo,
      pullRequest,
      baseSha: commits.baseSha,
      judgedBy,
      approved,
      jobId,
    },
    deps,
  );
  if (begun.checks !== undefined) return await publishRun(begun, scene);

  const run = isAnnounced
    ? begun
    : await publishChecks(begun, progressOf(begun, NOT_BEGUN), github.checks, deps);
  const guarded = await guardPullRequest(run, commits, scene);
  const evaluation = await evaluatePullRequest({
    repo,
    pullRequest,
    commits,
    mayPay: !pullRequest.fromFork || approved,
    repository: github.repository,
    reusesTrials: order.when !== "always",
    signal: turn.signal,
    supersededBy: supersession(repo, pullRequest, github.pullRequests, deps),
    onProgress: async (done, total, spentUsd) => {
      const shown = countsOnly(progressOf(run, { done, total, spentUsd }));
      await publishChecks(run, shown, github.checks, deps);
    },
    deps,
  });
  if (evaluation.kind === "superseded")
    return await cancelRun(run, pullRequest, evaluation.newHead, github, deps);
  if (evaluation.kind === "evaluated") await deps.heldFixtures.saveHeld(repo, evaluation.held);
  const told = await withHistory(evaluation, run, deps);
  const effect = await readConfigEffect(github.repository, commits, dayOf(deps.now()));
  const findings = { outcome: await withPage(outcomeOf(told, commits), guarded, deps), guarded, effect };
  // Without anything to approve, no approval changes what the checks say.
  if (guarded.length > 0) await deps.findings.saveFindings(run.id, findings);
  const outage = told.kind === "evaluated" && told.outage;
  await publishRun(await decideRun(run, decisionOf({ ...findings, outage }, run, commits), deps), scene);
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
  const quarantines = await deps.decisions.searchQuarantines(repo, deps.now());
  const judgedBy = withQuarantines(digestJudges(commits, deps.digest), quarantines, deps);
  if (order.when !== "unanswered" || !(await isAnswered(repo, pullRequest, judgedBy, deps)))
    return { commits, judgedBy };
  // It may have come back to a commit on which the others were shown without it.
  await republishShared(repo, pullRequest.head.sha, pullRequest, github, deps);
  return undefined;
}

/** A quarantine is part of what judges: with it, and again without it, a head is judged anew. */
function withQuarantines(
  digest: string,
  quarantines: readonly QuarantineDecision[],
  deps: Pick<JobDeps, "digest">,
): string {
  if (quarantines.length === 0) return digest;
  return deps.digest(JSON.stringify([digest, quarantines.map(({ id }) => id)]));
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
    {
      installationId,
      repo,
      pullRequest,
      baseSha: pullRequest.base.sha,
      judgedBy: "",
      approved: false,
      jobId,
    },
    deps,
  );
}

/** Tells what a run came to, and closes it; may be repeated. */
async function publishRun(decided: GateRun, { job, pullRequest, github, deps }: GateScene): Promise<void> {
  const published = await publishDecisions(decided, pullRequest, github, deps);
  // A review decides anew what is tried again already.
  if (published.outage && job.cause.kind !== "reviewed") await tryAgainLater(job, published, deps);
  await completeRun(published, deps);
}

async function withHistory<E extends Exclude<Evaluation, { kind: "superseded" }>>(
  evaluation: E,
  run: GateRun,
  deps: JobDeps,
): Promise<E> {
  if (evaluation.kind !== "evaluated") return evaluation;
  const history = await updateHistory(evaluation.report, run.id, deps);
  return { ...evaluation, report: { ...evaluation.report, history } };
}

/** Says what an evaluation came to in the words that checks are decided by. */
export function outcomeOf(
  evaluation: Exclude<Evaluation, { kind: "superseded" }>,
  commits: PullRequestCommits,
): Outcome {
  if (evaluation.kind === "obstacle") return evaluation;
  const judging = chooseJudging(commits);
  if (judging.kind !== "chosen") throw new Error("a pull request was evaluated by no configuration");
  return { kind: "report", report: evaluation.report, gate: judging.config.gate };
}

function decisionOf(
  { outage, ...findings }: GateFindings & { readonly outage: boolean },
  run: GateRun,
  { brokenJudging, judging }: PullRequestCommits,
): Decision {
  const judgedBy = judging.kind === "parsed" ? "last_usable" : "head";
  const checks = decideChecks(findings, { headSha: run.headSha, externalId: run.id });
  return { checks: noteBrokenJudging(checks, brokenJudging, judgedBy), outage, result: resultOf(findings) };
}

function obstacleDecision(obstacle: GateObstacle, run: GateRun): Decision {
  const checks = withGuard(renderObstacle(obstacle, { headSha: run.headSha, externalId: run.id }));
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

function progressOf({ headSha, id }: GateRun, progress: Progress): readonly CheckRun[] {
  return withGuard(renderProgress({ headSha, externalId: id, ...progress }));
}
