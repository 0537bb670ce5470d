import type { PullRequest, PullRequests } from "../../ports/pull-requests.ts";
import type { JobDeps } from "./deps.ts";
import { watchEvents } from "./watch-events.ts";

/** Watches whether a pull request still is what is judged: answers its new head, or that it is closed, once it is not. */
export function supersession(
  repo: string,
  judged: PullRequest,
  pullRequests: Pick<PullRequests, "fetchPullRequest">,
  { generations, now }: Pick<JobDeps, "generations" | "now">,
): () => Promise<string | undefined> {
  return watchEvents({
    fetchGeneration: () => generations.fetchGeneration(repo, judged.number),
    async look() {
      const shown = await pullRequests.fetchPullRequest(judged.number);
      const isSame =
        shown !== undefined &&
        shown.state === "open" &&
        shown.head.sha === judged.head.sha &&
        shown.base.branch === judged.base.branch;
      return {
        updatedAt: shown?.updatedAt,
        overtakenBy: isSame ? undefined : (shown?.head.sha ?? "closed"),
      };
    },
    now,
  });
}
