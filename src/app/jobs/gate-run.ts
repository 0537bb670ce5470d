import type { CheckRun } from "../../core/report/check-run.ts";
import type { Checks } from "../../ports/checks.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { GateRun } from "../../ports/records.ts";
import type { JobDeps } from "./deps.ts";

type RunDeps = Pick<JobDeps, "gateRuns" | "now" | "newId">;

/** A head that is to be judged, and by what. */
export interface Judgement {
  readonly installationId: number;
  readonly repo: string;
  readonly pullRequest: PullRequest;
  readonly baseSha: string;
  /** Digest of all that judges the head. */
  readonly judgedBy: string;
  /** Somebody who may said that this head may cost money. */
  readonly approved: boolean;
  /** The queue's id of the job that asks. */
  readonly jobId: string;
}

/** What came of judging a head. */
export interface Decision {
  /** What the checks say of this pull request alone. */
  readonly checks: readonly CheckRun[];
  readonly outage: boolean;
  /** The same as plain JSON. */
  readonly result: unknown;
}

/** Takes up the run that a crash or a retry left open for this head, or begins one; what was decided by others than judge now is decided again. */
export async function takeUpRun(judgement: Judgement, deps: RunDeps): Promise<GateRun> {
  const { installationId, repo, pullRequest, baseSha, judgedBy, approved, jobId } = judgement;
  const open = (await openRuns(repo, pullRequest.number, deps)).find((run) => isOf(run, pullRequest));
  const decided = open?.judgedBy === judgedBy ? open : undefined;
  const at = deps.now();
  const run: GateRun = {
    id: open?.id ?? deps.newId(),
    installationId,
    repo,
    pullRequest: pullRequest.number,
    headSha: pullRequest.head.sha,
    baseSha,
    judgedBy,
    state: "running",
    approved: approved || (open?.approved ?? false),
    jobId,
    checkRunIds: open?.checkRunIds ?? {},
    checks: decided?.checks,
    outage: decided?.outage ?? false,
    result: decided?.result ?? null,
    createdAt: open?.createdAt ?? at,
    updatedAt: at,
  };
  await deps.gateRuns.saveRun(run);
  return run;
}

/** Tells whether somebody who may has said that this head may cost money: a push voids it, what happens elsewhere does not. */
export async function isApproved(repo: string, pullRequest: PullRequest, deps: RunDeps): Promise<boolean> {
  const runs = await deps.gateRuns.searchByHead(repo, pullRequest.head.sha);
  return runs.some((run) => run.pullRequest === pullRequest.number && run.approved);
}

/** Tells whether the newest run of this head came to its end and was judged by what judges now. */
export async function isAnswered(
  repo: string,
  pullRequest: PullRequest,
  judgedBy: string,
  deps: RunDeps,
): Promise<boolean> {
  const last = await newestRun(repo, pullRequest, deps);
  return last?.state === "completed" && last.judgedBy === judgedBy;
}

/** Tells whether an earlier attempt at this very job came to its end on this head, and was not told so. */
export async function isDone(
  repo: string,
  pullRequest: PullRequest,
  jobId: string,
  { gateRuns }: Pick<RunDeps, "gateRuns">,
): Promise<boolean> {
  const runs = await gateRuns.searchByHead(repo, pullRequest.head.sha);
  return runs.some(
    (run) => run.pullRequest === pullRequest.number && run.state === "completed" && run.jobId === jobId,
  );
}

/** Tells whether the newest run of this head came to its end, whatever judged it. */
export async function isCompleted(repo: string, pullRequest: PullRequest, deps: RunDeps): Promise<boolean> {
  return (await newestRun(repo, pullRequest, deps))?.state === "completed";
}

/** Tells whether the provider's outage still leaves something undecided on this head, or an attempt to decide it was cut off. */
export async function isOutageOpen(repo: string, pullRequest: PullRequest, deps: RunDeps): Promise<boolean> {
  const last = await newestRun(repo, pullRequest, deps);
  return last?.state === "running" || (last?.state === "completed" && last.outage);
}

/**
 * Tells whether an earlier run has shown this head to the people of the pull request.
 *
 * A comment names no commit: only a head that stood there when somebody wrote it can be what they meant.
 */
export async function isSeen(repo: string, pullRequest: PullRequest, deps: RunDeps): Promise<boolean> {
  return (await newestRun(repo, pullRequest, deps)) !== undefined;
}

/** Posts check runs, or brings those of this run to a new state, and remembers their ids. */
export async function publishChecks(
  run: GateRun,
  rendered: readonly CheckRun[],
  checks: Checks,
  deps: RunDeps,
): Promise<GateRun> {
  const ids: Record<string, number> = { ...run.checkRunIds };
  for (const check of rendered) {
    const id = ids[check.name];
    if (id === undefined) ids[check.name] = await checks.openCheck(check);
    else await checks.updateCheck(id, check);
  }
  const published = { ...run, checkRunIds: ids, updatedAt: deps.now() };
  await deps.gateRuns.saveRun(published);
  return published;
}

/** Remembers what a run came to before anybody is told, so that telling can be repeated without paying again. */
export async function decideRun(run: GateRun, decision: Decision, deps: RunDeps): Promise<GateRun> {
  const decided = { ...run, ...decision, updatedAt: deps.now() };
  await deps.gateRuns.saveRun(decided);
  return decided;
}

/** Closes a run that was decided and told. */
export async function completeRun(run: GateRun, deps: RunDeps): Promise<void> {
  await deps.gateRuns.saveRun({ ...run, state: "completed", updatedAt: deps.now() });
}

/** Lists the runs of a pull request that are not over. */
export async function openRuns(
  repo: string,
  pullRequest: number,
  { gateRuns }: Pick<RunDeps, "gateRuns">,
): Promise<readonly GateRun[]> {
  const runs = await gateRuns.searchByPullRequest(repo, pullRequest);
  return runs.filter(({ state }) => state === "running");
}

/** Tells whether a run judges the head of a pull request as it stands. */
export function isOf(run: GateRun, pullRequest: PullRequest): boolean {
  return run.headSha === pullRequest.head.sha;
}

async function newestRun(
  repo: string,
  pullRequest: PullRequest,
  { gateRuns }: Pick<RunDeps, "gateRuns">,
): Promise<GateRun | undefined> {
  const runs = await gateRuns.searchByHead(repo, pullRequest.head.sha);
  return runs.find((run) => run.pullRequest === pullRequest.number);
}
