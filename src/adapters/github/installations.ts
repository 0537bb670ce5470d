import { ExternalFailure } from "../../ports/external-failure.ts";
import type { Installations, InstalledRepository, RepositoryPlace } from "../../ports/installations.ts";
import type { AppClient } from "./app-client.ts";
import { findOnGitHub, isRefusal } from "./call-github.ts";
import type { GitHubLog } from "./client.ts";
import { collectPages, PER_PAGE } from "./collect-pages.ts";

/** What the listings of installations and repositories are made from. */
export interface InstallationAccess {
  /** Connects with the App's own key, or as one installation. */
  readonly connect: (installationId?: number) => Promise<AppClient>;
  readonly log: GitHubLog;
}

interface ListedRepository {
  readonly id: number;
  readonly name: string;
  readonly owner: { readonly login: string };
  readonly archived?: boolean;
  readonly disabled?: boolean;
  readonly fork?: boolean;
  readonly pushed_at?: string | null;
}

/** Lists the installations of the App and what they give us, and finds repositories that moved. */
export function githubInstallations({ connect, log }: InstallationAccess): Installations {
  const told = new Set<string>();

  /** A list that GitHub does not offer is told of once and stops nothing. */
  async function unlessMissing<T>(list: Promise<T>, message: string): Promise<T | undefined> {
    try {
      return await list;
    } catch (failure) {
      if (!isRefusal(failure, [404, 410])) throw failure;
      if (!told.has(message)) log.info(message);
      told.add(message);
      return undefined;
    }
  }

  return {
    async fetchInstallations() {
      const client = await connect();
      const listing = collectPages(
        "list the installations of the App",
        (page) => client.rest.apps.listInstallations({ per_page: PER_PAGE, page }),
        (page): readonly { readonly id: number; readonly suspended_at?: string | null }[] => page,
      );
      const listed = await unlessMissing(listing, "No list of the App's installations is offered here");
      return (listed ?? []).map(({ id, suspended_at: at }) => ({
        id,
        suspended: at !== null && at !== undefined,
      }));
    },

    async fetchRepositories(installationId) {
      const client = await connect(installationId);
      const listing = collectPages(
        "list the repositories of an installation",
        (page) => client.rest.apps.listReposAccessibleToInstallation({ per_page: PER_PAGE, page }),
        (page): readonly ListedRepository[] => page.repositories,
      );
      const message = "No list of an installation's repositories is offered here; those known are swept";
      const listed = await unlessMissing(listing, message);
      return listed
        ?.filter(({ archived, disabled }) => archived !== true && disabled !== true)
        .map(repositoryOf);
    },

    async locate(installationId, sought) {
      const client = await connect(installationId);
      try {
        const known = sought.id === undefined ? undefined : await findById(client, sought.id);
        if (known !== undefined) return here(known);
        const named = await findOnGitHub(`find the repository ${sought.owner}/${sought.name}`, () =>
          client.rest.repos.get({ owner: sought.owner, repo: sought.name }),
        );
        const isSought = sought.id === undefined || named?.id === sought.id;
        return named !== undefined && isSought ? here(named) : { kind: "gone" };
      } catch (failure) {
        return await placeAfter(failure, installationId);
      }
    },
  };

  /** A token is refused where the installation is suspended or gone; any other failure stays one. */
  async function placeAfter(failure: unknown, installationId: number): Promise<RepositoryPlace> {
    const isRefused = failure instanceof ExternalFailure && !failure.retryable;
    if (!isRefused) throw failure;
    const client = await connect();
    const installation = await findOnGitHub("read the installation", () =>
      client.rest.apps.getInstallation({ installation_id: installationId }),
    );
    if (installation === undefined) return { kind: "gone" };
    if (installation.suspended_at !== null && installation.suspended_at !== undefined)
      return { kind: "suspended" };
    throw failure;
  }
}

async function findById(client: AppClient, id: number): Promise<ListedRepository | undefined> {
  // The one way to a repository that nobody else can be found by; Octokit has no method for it, and not every emulator the path.
  return await findOnGitHub<ListedRepository>("find a repository by its id", () =>
    client.request(`GET /repositories/${id}`),
  );
}

function here(repository: ListedRepository): RepositoryPlace {
  return { kind: "here", repository: repositoryOf(repository) };
}

function repositoryOf({ id, name, owner, fork, pushed_at: at }: ListedRepository): InstalledRepository {
  return {
    id,
    owner: owner.login,
    name,
    ...(fork === undefined ? {} : { isFork: fork }),
    ...(at === undefined || at === null ? {} : { pushedAt: new Date(at) }),
  };
}
