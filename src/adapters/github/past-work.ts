import type { PastWork } from "../../ports/past-work.ts";
import { readAnswer, readGitHub } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { hasNext, PER_PAGE } from "./collect-pages.ts";

/** Closed pull requests that are looked through for merged ones. */
const LOOKED_THROUGH = 30;

/** Looks back at what happened in one repository. */
export function githubPastWork({
  client,
  owner,
  repo,
}: Pick<RepositoryAccess, "client" | "owner" | "repo">): PastWork {
  return {
    async fetchNature() {
      const found = await readGitHub(`read the repository ${owner}/${repo}`, () =>
        client.rest.repos.get({ owner, repo }),
      );
      // An emulator may leave the size out, which GitHub never does.
      return {
        isFork: found.fork,
        isArchived: found.archived ?? false,
        isEmpty: found.size === 0 && found.pushed_at === null,
      };
    },

    async fetchMerged(countMax) {
      const closed = await readGitHub("list the pull requests that were closed last", () =>
        client.rest.pulls.list({
          owner,
          repo,
          state: "closed",
          sort: "updated",
          direction: "desc",
          per_page: LOOKED_THROUGH,
        }),
      );
      const merged = closed.filter(({ merged_at: at }) => at !== null && at !== undefined).slice(0, countMax);
      const changes = [];
      for (const { number } of merged) {
        const answer = await readAnswer(`list the files of the pull request ${number}`, () =>
          client.rest.pulls.listFiles({ owner, repo, pull_number: number, per_page: PER_PAGE }),
        );
        const paths = answer.data.flatMap(({ filename, previous_filename: before }) =>
          before === undefined ? [filename] : [filename, before],
        );
        changes.push({ number, paths, isWhole: !hasNext(answer) });
      }
      return changes;
    },
  };
}
