import type { JobDeps } from "./deps.ts";
import { jobSchema } from "./job.ts";

/** Has the releases of a commit looked at again that wait for an answer: somebody let it through. Answers how many. */
export async function askReleasesAgain(
  repo: string,
  sha: string,
  { standaloneRuns, queue }: Pick<JobDeps, "standaloneRuns" | "queue">,
): Promise<number> {
  const running = await standaloneRuns.searchRunning();
  const waiting = running.filter((run) => run.kind === "release" && run.repo === repo && run.headSha === sha);
  for (const run of waiting) {
    const job = jobSchema.parse(run.job);
    if (job.kind === "gate-release") await queue.enqueue({ ...job, cause: { kind: "overridden" } });
  }
  return waiting.length;
}
