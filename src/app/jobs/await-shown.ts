import { ExternalFailure } from "../../ports/external-failure.ts";
import type { JobOrigin } from "../../ports/job-queue.ts";
import { type DraftFixtures, type GatePullRequest, toldAt } from "./job.ts";

/** GitHub's reads lag by seconds; what it shows after this time is taken as it is. */
export const READS_LAG_MS_MAX = 2 * 60_000;
const ASK_AGAIN_MS = 3_000;

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
