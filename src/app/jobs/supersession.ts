import type { PullRequest, PullRequests } from "../../ports/pull-requests.ts";
import type { JobDeps } from "./deps.ts";

/**
 * Watches whether a pull request still is what is judged: answers its new head, or that it is closed, once
 * it is not, and for good.
 *
 * GitHub is asked again only after an event came in, so that looking costs nothing while nothing happens.
 */
export function supersession(
  repo: string,
  judged: PullRequest,
  pullRequests: Pick<PullRequests, "fetchPullRequest">,
  { generations }: Pick<JobDeps, "generations">,
): () => Promise<string | undefined> {
  let seen: number | undefined;
  let overtakenBy: string | undefined;
  return async () => {
    if (overtakenBy !== undefined) return overtakenBy;
    const generation = await generations.fetchGeneration(repo, judged.number);
    if (generation === seen) return undefined;
    const now = await pullRequests.fetchPullRequest(judged.number);
    // Only what was answered was seen: a look that failed is made again.
    seen = generation;
    const isSame =
      now !== undefined &&
      now.state === "open" &&
      now.head.sha === judged.head.sha &&
      now.base.branch === judged.base.branch;
    if (!isSame) overtakenBy = now?.head.sha ?? "closed";
    return overtakenBy;
  };
}
