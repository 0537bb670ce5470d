import type { CheckRun } from "../../core/report/check-run.ts";
import { decideChecks, type GateFindings } from "../../core/report/decide-checks.ts";
import type { GateObstacle } from "../../core/report/gate-report.ts";
import { noteBrokenJudging } from "../../core/report/note-broken-judging.ts";
import {
  countsOnly,
  NOT_BEGUN,
  type Progress,
  renderCancelled,
  renderObstacle,
  renderProgress,
} from "../../core/report/render-checks.ts";
import { withGuard } from "../../core/report/render-guard.ts";
import { noteMergeGroup } from "../../core/report/render-merge-group.ts";
import type { GitHub } from "../../ports/github.ts";
import type { Turn } from "../../ports/job-queue.ts";
import type { Occasion, StandaloneRun } from "../../ports/standalone-runs.ts";
import type { JobDeps } from "./deps.ts";
import { evaluateCommits } from "./evaluate-commits.ts";
import { outcomeOf } from "./gate-pull-request.ts";
import { fetchSpokesman, guardMergeGroup, underGroupOverrides } from "./group-consent.ts";
import { resultOf } from "./hear-review.ts";
import { heedSignal } from "./heed-signal.ts";
import type { EndMergeGroup, GateMergeGroup } from "./job.ts";
import { withPage } from "./keep-page.ts";
import { readMergeGroup } from "./read-merge-group.ts";
import type { PullRequestCommits } from "./read-pull-request.ts";
import { decideStandalone, publishStandalone, saveStandalone, takeUpStandalone } from "./standalone-run.ts";

/** A merge group whose gate is at work, and the outside. */
interface GroupScene {
  readonly job: GateMergeGroup;
  readonly github: GitHub;
  readonly deps: JobDeps;
}

/** Merge group in, check runs out: the same checks as on a pull request, on the commit that would be merged. */
export async function runGateMergeGroup(job: GateMergeGroup, turn: Turn, given: JobDeps): Promise<void> {
  const deps = heedSignal(given, turn.signal);
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const scene = { job, github, deps };
  const occasion = occasionOf(job);
  const known = await deps.standaloneRuns.fetchRun(occasion);
  // GitHub makes a new commit for each group, so what was decided or given up on this one stays.
  if (known !== undefined && known.state !== "running") return;
  const commits = await readMergeGroup(github.repository, occasion.repo, job, deps);
  if (commits.kind === "not_configured") return;

  const { installationId, headSha } = job;
  const asking = { occasion, installationId, headSha, job, jobId: turn.origin.id };
  const begun = await takeUpStandalone(asking, known, deps);
  if (begun.answer?.kind === "checks") return await tell(begun, begun.answer.checks, scene);
  const run = await publish(begun, progressOf(begun, NOT_BEGUN), scene);
  const spokesman = await fetchSpokesman(job.headRef, github);
  const guarded = await guardMergeGroup(commits, spokesman, github, deps);
  const evaluation = await evaluateCommits({
    repo: occasion.repo,
    head: { sha: headSha, branch: job.headRef.replace(/^refs\/heads\//, "") },
    commits,
    manner: { kind: "change" },
    repository: github.repository,
    reusesTrials: true,
    signal: turn.signal,
    supersededBy: async () => ((await isDestroyed(occasion, deps)) ? "destroyed" : undefined),
    onProgress: async (done, total, spentUsd) => {
      await publish(run, countsOnly(progressOf(run, { done, total, spentUsd })), scene);
    },
    deps,
  });
  if (evaluation.kind === "superseded") return await closeCancelled(run, scene);
  if (evaluation.kind === "evaluated") await deps.heldFixtures.saveHeld(occasion.repo, evaluation.held);
  const findings = { outcome: await withPage(outcomeOf(evaluation, commits), guarded, deps), guarded };
  const own = checksOf(findings, run, commits);
  const checks = await underGroupOverrides(own, occasion.repo, spokesman, deps);
  const result = resultOf(findings);
  const decided = await decideStandalone(run, { answer: { kind: "checks", checks }, result }, deps);
  await tell(decided, checks, scene);
}

/** The queue let go of a group: what runs on it stops, and its checks are closed. */
export async function runEndMergeGroup(job: EndMergeGroup, turn: Turn, given: JobDeps): Promise<void> {
  const deps = heedSignal(given, turn.signal);
  const occasion = occasionOf(job);
  const known = await deps.standaloneRuns.fetchRun(occasion);
  if (known?.state === "completed") return;
  const { installationId, headSha } = job;
  const asking = { occasion, installationId, headSha, job, jobId: turn.origin.id };
  // Noted also where nothing ran yet: GitHub's order does not matter.
  const run = known ?? (await takeUpStandalone(asking, undefined, deps));
  await saveStandalone({ ...run, state: "cancelled" }, deps);
  if (Object.keys(run.checkRunIds).length === 0) return;
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  await publishStandalone({ ...run, state: "cancelled" }, cancelledChecks(run), github.checks, deps);
}

/** Closes the checks of a group whose run was given up as failed: a queue must not wait for what does not come. */
export async function clearUpGateMergeGroup(
  job: GateMergeGroup,
  obstacle: GateObstacle,
  { origin: { id: jobId } }: Pick<Turn, "origin">,
  deps: JobDeps,
): Promise<void> {
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  const occasion = occasionOf(job);
  const known = await deps.standaloneRuns.fetchRun(occasion);
  if (known !== undefined && known.state !== "running") return;
  const { installationId, headSha } = job;
  const run = await takeUpStandalone({ occasion, installationId, headSha, job, jobId }, known, deps);
  const checks = withGuard(renderObstacle(obstacle, { headSha, externalId: run.id }));
  const answer = { kind: "checks", checks } as const;
  const decided = await decideStandalone(run, { answer, result: { obstacle } }, deps);
  await tell(decided, checks, { job, github, deps });
}

async function tell(run: StandaloneRun, checks: readonly CheckRun[], scene: GroupScene): Promise<void> {
  const told = await publish(run, checks, scene);
  // A group that was let go while it was told is closed by whoever comes last.
  if (await isDestroyed(run, scene.deps)) return await closeCancelled(told, scene);
  await saveStandalone({ ...told, state: "completed" }, scene.deps);
}

async function closeCancelled(run: StandaloneRun, { github, deps }: GroupScene): Promise<void> {
  await publishStandalone({ ...run, state: "cancelled" }, cancelledChecks(run), github.checks, deps);
}

function publish(run: StandaloneRun, checks: readonly CheckRun[], { job, github, deps }: GroupScene) {
  return publishStandalone(run, noteMergeGroup(checks, job), github.checks, deps);
}

async function isDestroyed(occasion: Occasion, { standaloneRuns }: JobDeps): Promise<boolean> {
  return (await standaloneRuns.fetchRun(occasion))?.state === "cancelled";
}

function occasionOf({ owner, repo, headSha }: GateMergeGroup | EndMergeGroup): Occasion {
  return { repo: `${owner}/${repo}`, kind: "merge_group", subject: headSha };
}

function cancelledChecks({ headSha, id }: StandaloneRun): readonly CheckRun[] {
  return withGuard(renderCancelled({ headSha, externalId: id, newHead: "" }));
}

function checksOf(
  findings: GateFindings,
  { id, headSha }: StandaloneRun,
  { brokenJudging, judging }: PullRequestCommits,
): readonly CheckRun[] {
  const judgedBy = judging.kind === "parsed" ? "last_usable" : "head";
  const checks = decideChecks(findings, { headSha, externalId: id });
  return noteBrokenJudging(checks, brokenJudging, judgedBy);
}

function progressOf({ headSha, id }: StandaloneRun, progress: Progress): readonly CheckRun[] {
  return withGuard(renderProgress({ headSha, externalId: id, ...progress }));
}
