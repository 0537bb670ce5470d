import type { ConfigAtCommit } from "../../core/config/choose-judging.ts";
import { CONFIG_PATH } from "../../core/config/config.ts";
import type { GitHub } from "../../ports/github.ts";
import type { ListedPullRequest, ListPage } from "../../ports/open-work.ts";
import type { SweepMark, SweepMarks } from "../../ports/sweep-records.ts";
import type { Logger } from "../log.ts";
import { readDefaultBranch } from "./default-branch.ts";
import type { JobDeps } from "./deps.ts";
import { incidentLabel } from "./incident-label.ts";
import { digestText } from "./incident-record.ts";
import type { SweepRepository } from "./job.ts";
import { gatesDrafts } from "./read-pull-request.ts";
import { isAtLeast } from "./rights.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** What is written while a list is read may show in it a little later. */
const OVERLAP_MS = 5 * MINUTE_MS;
const WHOLE_EVERY_MS = DAY_MS;
/** What nobody touched for longer is left alone, so that a repository full of old work is not run at once; by name it is asked for. */
const TOUCHED_WITHIN_MS = 30 * DAY_MS;
/** 3,000 entries of a list; those that changed last come first. */
const PAGES_MAX = 30;

/** What sweeping a repository needs. */
export interface SweepRepositoryDeps extends JobDeps {
  readonly sweepMarks: SweepMarks;
  readonly log: Pick<Logger, "warn">;
}

/** A repository that is swept, with what decides there. */
interface SweepScene {
  readonly job: SweepRepository;
  readonly repo: string;
  readonly github: GitHub;
  readonly judging: ConfigAtCommit;
  readonly deps: SweepRepositoryDeps;
}

/** An open incident in the list, with a digest of its text: all the texts of a long list would fill the memory. */
interface SweptIncident {
  readonly number: number;
  readonly author: string;
  readonly updatedAt: Date;
  readonly textHash: string;
}

/** Finds open pull requests without a completed run and open incidents whose text has no answer, and asks for what an event would have asked for. */
export async function runSweepRepository(job: SweepRepository, deps: SweepRepositoryDeps): Promise<void> {
  const github = await deps.connect(job.installationId, job.owner, job.repo);
  // One request tells that there is nothing to do in most of an organisation's repositories.
  if (!(await github.openWork.hasFile(CONFIG_PATH))) return;
  const repo = `${job.owner}/${job.repo}`;
  const { judging } = await readDefaultBranch(github.repository, repo, deps);
  const scene = { job, repo, github, judging, deps };
  await sweepList(
    `pull requests of ${job.repositoryId}`,
    (page) => github.openWork.fetchPullRequests(page),
    (pullRequest) => gateUnanswered(pullRequest, scene),
    deps,
  );
  const label = incidentLabel(judging);
  await sweepList(
    `incidents of ${job.repositoryId}`,
    (page) => fetchIncidents(label, page, scene),
    (issue) => draftUnanswered(issue, label, scene),
    deps,
  );
}

async function gateUnanswered(pullRequest: ListedPullRequest, scene: SweepScene): Promise<void> {
  const { job, repo, judging, deps } = scene;
  const { number, headSha, draft } = pullRequest;
  if (draft && !gatesDrafts(judging)) return;
  const runs = await deps.gateRuns.searchByHead(repo, headSha);
  const last = runs.find((run) => run.pullRequest === number);
  // One that runs has its job, or is found as lost.
  if (last?.state === "completed" || last?.state === "running") return;
  await deps.generations.bumpGeneration(repo, number);
  const cause = { kind: "reconcile" } as const;
  await deps.queue.enqueue({ ...placeOf(job), kind: "gate-pull-request", pullRequest: number, cause });
}

async function fetchIncidents(
  label: string,
  page: number,
  { github, deps }: SweepScene,
): Promise<ListPage<SweptIncident>> {
  const { items, isLast } = await github.openWork.fetchIssues(label, page);
  const swept = items.map(({ number, author, updatedAt, title, body }) => ({
    number,
    author,
    updatedAt,
    textHash: digestText({ title, body }, deps),
  }));
  return { items: swept, isLast };
}

async function draftUnanswered(issue: SweptIncident, label: string, scene: SweepScene): Promise<void> {
  const { job, repo, github, deps } = scene;
  const { number, author, updatedAt, textHash } = issue;
  const known = await deps.incidents.fetchIncident(repo, number);
  // Whatever was answered to this text, also that it failed, was answered.
  if (known?.bodyHash === textHash) return;
  // A form puts its label on without anybody having labelled: then the author is the one who asks.
  const asking = known === undefined ? await github.openWork.fetchLabeller(number, label) : undefined;
  const actor = asking ?? author;
  // GitHub does not list who changed a text: the author, or somebody with more rights than drafting asks for.
  if (known !== undefined && !(await isAtLeast("triage", author, github))) return;
  await deps.generations.bumpGeneration(repo, number, { toldAt: updatedAt, editedBy: actor });
  const cause = { kind: "reconcile", updatedAt: updatedAt.toISOString() } as const;
  await deps.queue.enqueue({ ...placeOf(job), kind: "draft-fixtures", issue: number, actor, cause });
}

/** Looks at what changed since the last time, and once a day at all that was touched lately. */
async function sweepList<T extends { readonly updatedAt: Date }>(
  name: string,
  fetchPage: (page: number) => Promise<ListPage<T>>,
  look: (item: T) => Promise<void>,
  deps: SweepRepositoryDeps,
): Promise<void> {
  const now = deps.now();
  const mark = await deps.sweepMarks.fetchMark(name);
  const isWhole = isWholeDue(mark, now);
  const wholeFrom = new Date(now.getTime() - TOUCHED_WITHIN_MS);
  const from = isWhole ? wholeFrom : new Date((mark?.sweptTo ?? wholeFrom).getTime() - OVERLAP_MS);
  const items = await readSince(name, fetchPage, from, deps);
  for (const item of items) await look(item);
  await deps.sweepMarks.saveMark({
    name,
    // GitHub's own clock, since ours may be wrong.
    sweptTo: items[0]?.updatedAt ?? mark?.sweptTo,
    wholeAt: isWhole ? now : mark?.wholeAt,
    rest: undefined,
    updatedAt: now,
  });
}

function isWholeDue(mark: SweepMark | undefined, now: Date): boolean {
  if (mark?.sweptTo === undefined || mark.wholeAt === undefined) return true;
  return mark.wholeAt.getTime() < now.getTime() - WHOLE_EVERY_MS;
}

async function readSince<T extends { readonly updatedAt: Date }>(
  name: string,
  fetchPage: (page: number) => Promise<ListPage<T>>,
  from: Date,
  { log }: SweepRepositoryDeps,
): Promise<readonly T[]> {
  const items: T[] = [];
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const read = await fetchPage(page);
    const young = read.items.filter(({ updatedAt }) => updatedAt.getTime() >= from.getTime());
    items.push(...young);
    if (read.isLast || young.length < read.items.length) return items;
  }
  log.warn(
    { sweep: name, pages: PAGES_MAX },
    "a list is longer than a sweep reads: its older part is left out",
  );
  return items;
}

function placeOf({ installationId, owner, repo, repositoryId }: SweepRepository) {
  return { installationId, owner, repo, repositoryId };
}
