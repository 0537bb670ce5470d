import type { Installations } from "../../ports/installations.ts";
import type { JobQueue } from "../../ports/job-queue.ts";
import type { NamedRepository, RepositoryNames } from "../../ports/sweep-records.ts";
import type { Job, SweepInstallations } from "./job.ts";

const SWEEP_EVERY_MS = 60 * 60 * 1_000;

/** What sweeping installations needs. */
export interface SweepInstallationsDeps {
  readonly installations: Installations;
  readonly repositoryNames: RepositoryNames;
  readonly queue: Pick<JobQueue<Job>, "enqueue">;
  readonly now: () => Date;
}

/** Has every repository of an installation swept; without an installation that of each, and asks for itself again in an hour. */
export async function runSweepInstallations(
  job: SweepInstallations,
  deps: SweepInstallationsDeps,
): Promise<void> {
  if (job.installationId !== undefined) return await sweepInstallation(job.installationId, deps);
  for (const { id, suspended } of await deps.installations.fetchInstallations())
    if (!suspended) await deps.queue.enqueue({ ...job, installationId: id });
  await askAgain(job, deps);
}

/** Asks for the next time, so that one bad hour does not end the sweeps. */
export async function clearUpSweepInstallations(
  job: SweepInstallations,
  deps: SweepInstallationsDeps,
): Promise<void> {
  if (job.installationId === undefined) await askAgain(job, deps);
}

async function sweepInstallation(installationId: number, deps: SweepInstallationsDeps): Promise<void> {
  for (const { id: repositoryId, name: fullName } of await readRepositories(installationId, deps)) {
    const [owner, repo] = fullName.split("/");
    if (owner === undefined || repo === undefined) continue;
    await deps.queue.enqueue({ kind: "sweep-repository", installationId, owner, repo, repositoryId });
  }
}

/** Where GitHub offers no list, those are taken that we worked on before. */
async function readRepositories(
  installationId: number,
  { installations, repositoryNames, now }: SweepInstallationsDeps,
): Promise<readonly NamedRepository[]> {
  const listed = await installations.fetchRepositories(installationId);
  if (listed === undefined) return await repositoryNames.searchByInstallation(installationId);
  const named = listed.map(({ id, owner, name }) => ({ id, installationId, name: `${owner}/${name}` }));
  await repositoryNames.saveNames(named, now());
  return named;
}

async function askAgain(job: SweepInstallations, deps: SweepInstallationsDeps): Promise<void> {
  await deps.queue.enqueue(job, new Date(deps.now().getTime() + SWEEP_EVERY_MS));
}
