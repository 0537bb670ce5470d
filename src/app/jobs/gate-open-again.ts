import type { GitHub } from "../../ports/github.ts";
import type { JobDeps } from "./deps.ts";
import type { RunDefaultBranch } from "./job.ts";

/** What nobody touched for longer is judged anew at its next event. */
const TOUCHED_WITHIN_MS = 30 * 24 * 60 * 60 * 1_000;
/** 1,000 pull requests; those that changed last come first. */
const PAGES_MAX = 10;

/** Has open pull requests judged again: the default branch has other fixtures or another configuration than before. */
export async function gateOpenAgain(
  job: RunDefaultBranch,
  { openWork }: Pick<GitHub, "openWork">,
  { queue, now }: Pick<JobDeps, "queue" | "now">,
): Promise<void> {
  const since = now().getTime() - TOUCHED_WITHIN_MS;
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const { items, isLast } = await openWork.fetchPullRequests(page);
    const young = items.filter(({ updatedAt }) => updatedAt.getTime() >= since);
    for (const { number } of young) {
      const cause = { kind: "reconcile" } as const;
      await queue.enqueue({ ...job, kind: "gate-pull-request", pullRequest: number, cause });
    }
    if (isLast || young.length < items.length) return;
  }
}
