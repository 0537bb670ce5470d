import type { CheckRun } from "../../core/report/check-run.ts";
import { renderCancelled } from "../../core/report/render-checks.ts";
import { withGuard } from "../../core/report/render-guard.ts";
import { shareChecks } from "../../core/report/share-checks.ts";
import type { GitHub } from "../../ports/github.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { GateRun } from "../../ports/records.ts";
import type { JobDeps } from "./deps.ts";
import { publishChecks } from "./gate-run.ts";
import { underOverrides } from "./standing-overrides.ts";

/** Other jobs may decide while we publish; each looks again after it has, so a few rounds are enough. */
const ROUNDS_MAX = 5;

type CommitGitHub = Pick<GitHub, "checks" | "pullRequests">;

/** A run on a commit. */
interface Sharer {
  readonly run: GateRun;
  /** Its pull request is open on the commit and has no newer run there, and it was not cancelled. */
  readonly counts: boolean;
}

/** What the check runs of one run shall say. */
interface Publication {
  readonly run: GateRun;
  readonly checks: readonly CheckRun[];
}

/** Tells whether another pull request stands on the commit of a run and has a run there itself. */
export async function hasCompany(
  run: GateRun,
  pullRequest: PullRequest,
  github: CommitGitHub,
  deps: JobDeps,
): Promise<boolean> {
  const sharers = await readSharers(run.repo, run.headSha, pullRequest, github, deps);
  return sharers.some(({ run: other, counts }) => counts && other.pullRequest !== run.pullRequest);
}

/**
 * Publishes what the pull requests on a commit came to, on the check runs of each of them.
 *
 * All of them say the worst: whichever of them GitHub takes for the newest, none is greener than it may be.
 * Answers the run of the pull request whose job this is, with the ids of its check runs.
 */
export async function publishDecisions(
  own: GateRun,
  pullRequest: PullRequest,
  github: CommitGitHub,
  deps: JobDeps,
): Promise<GateRun> {
  let published = own;
  let shown = "";
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const sharers = await readSharers(own.repo, own.headSha, pullRequest, github, deps);
    const publications = publicationsOf(sharers);
    const now = JSON.stringify(publications.map(({ run, checks }) => [run.id, checks]));
    if (now === shown) return published;
    for (const { run, checks } of publications) {
      if (run.id === own.id) published = await publishChecks(published, checks, github.checks, deps);
      else await updateChecks(run, checks, github);
    }
    shown = now;
  }
  return published;
}

/** Publishes anew what stands on a commit where several pull requests share it: one of them came, went or moved on. */
export async function republishShared(
  repo: string,
  headSha: string,
  pullRequest: PullRequest,
  github: CommitGitHub,
  deps: JobDeps,
): Promise<void> {
  const sharers = await readSharers(repo, headSha, pullRequest, github, deps);
  if (sharers.length < 2) return;
  for (const { run, checks } of publicationsOf(sharers)) await updateChecks(run, checks, github);
}

async function readSharers(
  repo: string,
  headSha: string,
  known: PullRequest,
  { pullRequests }: CommitGitHub,
  deps: JobDeps,
): Promise<readonly Sharer[]> {
  const found = await deps.gateRuns.searchByHead(repo, headSha);
  const isAlone = found.every((run) => run.pullRequest === known.number);
  const listed = isAlone ? [] : await pullRequests.searchOpen(headSha);
  // The list may lag behind what we read of the pull request itself.
  const open = new Map(listed.map((one) => [one.number, one]));
  if (known.state === "open" && known.head.sha === headSha) open.set(known.number, known);
  else open.delete(known.number);
  const runs = await underOverrides(found, [...open.values()], deps);
  const newest = newestOfEach(runs);
  // An older run may still wait for what others came to. One that never had company does not.
  return (isAlone ? newest : runs).map((run) => ({
    run,
    counts: newest.includes(run) && open.has(run.pullRequest) && run.state !== "cancelled",
  }));
}

function newestOfEach(newestFirst: readonly GateRun[]): readonly GateRun[] {
  const newest = new Map<number, GateRun>();
  for (const run of newestFirst) if (!newest.has(run.pullRequest)) newest.set(run.pullRequest, run);
  return [...newest.values()];
}

function publicationsOf(sharers: readonly Sharer[]): readonly Publication[] {
  const counting = sharers.filter(({ counts }) => counts).map(({ run }) => run);
  const decided = counting.filter(({ checks }) => checks !== undefined);
  return sharers.flatMap(({ run, counts }): readonly Publication[] => {
    // Its own job publishes what is not decided yet.
    if (counts && run.checks === undefined) return [];
    const spokenFor = counts ? run : decided[0];
    if (spokenFor?.checks === undefined) return counting.length === 0 ? closing(run) : [];
    // A check that was closed stays closed: only one that still runs waits for what others come to.
    const others = (run.state === "running" ? counting : decided).filter(({ id }) => id !== spokenFor.id);
    const own = { pullRequest: spokenFor.pullRequest, checks: spokenFor.checks };
    const checks = shareChecks(own, others).map((check) => ({ ...check, externalId: run.id }));
    return [{ run, checks }];
  });
}

/** Where nobody is left on the commit, a run that waited for others says what it came to itself; one that still runs is closed by its own job. */
function closing(run: GateRun): readonly Publication[] {
  if (run.state === "running") return [];
  const { id, headSha, checks } = run;
  return [{ run, checks: checks ?? withGuard(renderCancelled({ headSha, externalId: id, newHead: "" })) }];
}

async function updateChecks(
  run: GateRun,
  checks: readonly CheckRun[],
  github: Pick<GitHub, "checks">,
): Promise<void> {
  for (const check of checks) {
    const id = run.checkRunIds[check.name];
    if (id !== undefined) await github.checks.updateCheck(id, check);
  }
}
