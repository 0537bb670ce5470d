import type { Commits } from "../../ports/commits.ts";
import { isRefusal, readGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";

/** Looks up commits through the commits API; names that GitHub cannot read (422) are no commits. */
export function githubCommits({ client, owner, repo }: RepositoryAccess): Commits {
  return {
    async fetchCommit(name) {
      try {
        const found = await readGitHub("look up a commit that the incident names", () =>
          client.rest.repos.getCommit({ owner, repo, ref: name }),
        );
        return found.sha;
      } catch (failure) {
        if (isRefusal(failure, [404, 409, 422])) return undefined;
        throw failure;
      }
    },
  };
}
