import { ExternalFailure } from "../../ports/external-failure.ts";
import type { Repository, Tip } from "../../ports/repository.ts";
import { findOnGitHub, readGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { fetchTexts } from "./fetch-texts.ts";
import { fetchTree } from "./fetch-tree.ts";

/** Reads a repository through the Git data API. */
export function githubRepository(access: RepositoryAccess): Repository {
  const { client, owner, repo, trees } = access;

  async function fetchTip(branch: string): Promise<Tip | undefined> {
    const found = await findOnGitHub(`read the branch ${branch}`, () =>
      client.rest.git.getRef({ owner, repo, ref: `heads/${branch}` }),
    );
    return found === undefined ? undefined : { branch, sha: found.object.sha };
  }

  return {
    fetchTip,

    async fetchDefaultTip() {
      const found = await readGitHub("read the repository", () => client.rest.repos.get({ owner, repo }));
      const tip = await fetchTip(found.default_branch);
      if (tip !== undefined) return tip;
      throw new ExternalFailure(
        `GitHub could not read the default branch: ${owner}/${repo} names ${found.default_branch}, which has no commit; push a first one`,
        { system: "github", retryable: false, status: 404 },
      );
    },

    async fetchTree(commit) {
      const repository = `${owner}/${repo}`;
      return trees.find(repository, commit) ?? trees.keep(repository, await fetchTree(access, commit));
    },
    fetchTexts: (entries) => fetchTexts(access, entries),

    async fetchMergeBase(base, head) {
      const compared = await readGitHub(`compare ${base} with ${head}`, () =>
        client.rest.repos.compareCommitsWithBasehead({
          owner,
          repo,
          basehead: `${base}...${head}`,
          per_page: 1,
        }),
      );
      return compared.merge_base_commit.sha;
    },
  };
}
