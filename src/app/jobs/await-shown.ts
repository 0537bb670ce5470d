import { ExternalFailure } from "../../ports/external-failure.ts";
import type { JobOrigin } from "../../ports/job-queue.ts";
import type { PullRequest } from "../../ports/pull-requests.ts";
import type { Tip } from "../../ports/repository.ts";
import { type DraftFixtures, type GatePullRequest, toldAt } from "./job.ts";

/** GitHub's reads lag by seconds; what it shows after this time is taken as it is. */
export const READS_LAG_MS_MAX = 2 * 60_000;
const ASK_AGAIN_MS = 3_000;

/** Throws, so that the job is tried again soon, while GitHub shows a branch as it stood before the push that the job is of. */
export function awaitPushed(tip: Tip, before: string | undefined, { queuedAt }: JobOrigin, now: Date): void {
  // Later than this somebody has pushed the old tip back.
  if (tip.sha !== before || now.getTime() - queuedAt.getTime() >= READS_LAG_MS_MAX) return;
  throw new ExternalFailure(`GitHub does not show the push to ${tip.branch} yet`, {
    system: "github",
    retryable: true,
    retryAfterMs: ASK_AGAIN_MS,
  });
}

/**
 * Throws, so that the job is tried again soon, while the repository names another head of a fork's pull request than
 * the pull request itself. What is read of a fork is read through this repository, which may not have it yet.
 */
export function awaitForkHead(
  pullRequest: Pick<PullRequest, "number" | "head">,
  headRef: string | undefined,
  { queuedAt }: JobOrigin,
  now: Date,
): void {
  if (headRef === undefined || headRef === pullRequest.head.sha) return;
  // A commit's id says what is in it: later than this the pull request is believed.
  if (now.getTime() - queuedAt.getTime() >= READS_LAG_MS_MAX) return;
  throw new ExternalFailure(`GitHub does not name the head of the pull request ${pullRequest.number} yet`, {
    system: "github",
    retryable: true,
    retryAfterMs: ASK_AGAIN_MS,
  });
}

/** Throws, so that the job is tried again soon, while GitHub shows nothing or something older than what the job's event told. */
export function awaitShown(
  shown: { readonly updatedAt: Date } | undefined,
  job: DraftFixtures | GatePullRequest,
  { queuedAt }: JobOrigin,
  now: Date,
): void {
  const told = toldAt(job.cause);
  if (told === undefined || now.getTime() - queuedAt.getTime() >= READS_LAG_MS_MAX) return;
  if (shown !== undefined && shown.updatedAt.getTime() >= told.getTime()) return;
  const what =
    job.kind === "draft-fixtures" ? `the issue ${job.issue}` : `the pull request ${job.pullRequest}`;
  throw new ExternalFailure(`GitHub does not show ${what} as the event told it yet`, {
    system: "github",
    retryable: true,
    retryAfterMs: ASK_AGAIN_MS,
  });
}
