import { ExternalFailure } from "../../ports/external-failure.ts";
import type { Installations } from "../../ports/installations.ts";
import type { RepositoryNames } from "../../ports/sweep-records.ts";
import type { Logger } from "../log.ts";

/** A job of one repository. */
export interface Placed {
  readonly installationId: number;
  readonly owner: string;
  readonly repo: string;
  readonly repositoryId?: number | undefined;
  /** A name that the repository had, where the job knows of it. */
  readonly formerName?: string | undefined;
}

/** What finding a repository needs. */
export interface LocateDeps {
  readonly installations: Installations;
  readonly repositoryNames: RepositoryNames;
  readonly now: () => Date;
  readonly log: Pick<Logger, "info">;
}

/** Does a job where its repository is by now. Where that is gone nobody is left to tell; where the App is suspended it throws. */
export async function runWhereItIs<J extends Placed>(
  job: J,
  deps: LocateDeps,
  run: (job: J) => Promise<void>,
): Promise<void> {
  const located = await locate(job, deps);
  if (located === "suspended")
    throw new ExternalFailure("the installation is suspended: an owner has to allow it again", {
      system: "github",
      retryable: false,
      status: 403,
    });
  if (located === "gone") return;
  await run(located);
  // It may have got another name while this ran.
  await deps.repositoryNames.gather(located.repositoryId, `${located.owner}/${located.repo}`);
}

/** Clears up after a job where its repository is by now; where nobody may be told, that is all. */
export async function clearUpWhereItIs<J extends Placed>(
  job: J,
  deps: LocateDeps,
  clearUp: (job: J) => Promise<void>,
): Promise<void> {
  const located = await locate(job, deps);
  if (located !== "suspended" && located !== "gone") await clearUp(located);
}

/** Finds the repository of a job, and takes what is kept of it along when it has another name by now. */
async function locate<J extends Placed>(
  job: J,
  deps: LocateDeps,
): Promise<(J & { readonly repositoryId: number }) | "gone" | "suspended"> {
  const { installationId, owner, repo, repositoryId } = job;
  const place = await deps.installations.locate(installationId, { id: repositoryId, owner, name: repo });
  if (place.kind !== "here") {
    deps.log.info(place.kind === "gone" ? "the repository is gone" : "the installation is suspended");
    return place.kind;
  }
  const { id, owner: newOwner, name } = place.repository;
  const formerName = job.formerName ?? `${owner}/${repo}`;
  const named = { id, installationId, name: `${newOwner}/${name}`, formerName };
  await deps.repositoryNames.saveNames([named], deps.now());
  // An earlier attempt at this job may have ended after the repository got its name.
  if (formerName !== named.name) await deps.repositoryNames.gather(id, formerName);
  return { ...job, owner: newOwner, repo: name, repositoryId: id };
}
