import type { InstalledRepository } from "../../ports/installations.ts";
import type { OfferSetups } from "./job.ts";
import type { ProposeSetupDeps } from "./propose-setup.ts";

/** Has each repository that an installation gave us considered for a setup, those that were worked in last first. */
export async function runOfferSetups(job: OfferSetups, deps: ProposeSetupDeps): Promise<void> {
  if (deps.setup.perDay === 0) return;
  const listed = await deps.installations.fetchRepositories(job.installationId);
  const isOffered = ({ id, isFork }: InstalledRepository): boolean =>
    isFork !== true && (job.repositoryIds === undefined || job.repositoryIds.includes(id));
  const offered = (listed ?? []).filter(isOffered).toSorted((one, other) => pushedMs(other) - pushedMs(one));
  for (const { id: repositoryId, owner, name: repo } of offered) {
    const { installationId } = job;
    await deps.queue.enqueue({
      kind: "propose-setup",
      installationId,
      owner,
      repo,
      repositoryId,
      occasion: "given",
    });
  }
}

function pushedMs({ pushedAt }: InstalledRepository): number {
  return pushedAt?.getTime() ?? 0;
}
