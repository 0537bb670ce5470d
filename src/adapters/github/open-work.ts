import type { OpenWork } from "../../ports/open-work.ts";
import { findOnGitHub, readAnswer } from "./call-github.ts";
import { loginOf, type RepositoryAccess } from "./client.ts";
import { collectPages, hasNext, PER_PAGE } from "./collect-pages.ts";

const NEWEST_FIRST = { state: "open", sort: "updated", direction: "desc", per_page: PER_PAGE } as const;

/** Lists what is open in a repository. */
export function githubOpenWork({ client, owner, repo }: RepositoryAccess): OpenWork {
  return {
    async hasFile(path) {
      const found = await findOnGitHub(`look for ${path}`, () =>
        client.rest.repos.getContent({ owner, repo, path }),
      );
      return found !== undefined;
    },

    async fetchPullRequests(page) {
      const answer = await readAnswer("list the pull requests that changed", () =>
        client.rest.pulls.list({ owner, repo, ...NEWEST_FIRST, page }),
      );
      const items = answer.data.map(({ number, head, draft, updated_at }) => ({
        number,
        headSha: head.sha,
        draft: draft ?? false,
        updatedAt: new Date(updated_at),
      }));
      return { items, isLast: !hasNext(answer) };
    },

    async fetchIssues(label, page) {
      const answer = await readAnswer("list the issues that changed", () =>
        client.rest.issues.listForRepo({ owner, repo, ...NEWEST_FIRST, labels: label, page }),
      );
      const items = answer.data
        .filter((issue) => issue.pull_request === undefined || issue.pull_request === null)
        .map(({ number, title, body, user, updated_at }) => ({
          number,
          title,
          body: body ?? "",
          author: loginOf(user),
          updatedAt: new Date(updated_at),
        }));
      return { items, isLast: !hasNext(answer) };
    },

    async fetchLabeller(issue, label) {
      const events = await collectPages(
        `list what happened to the issue ${issue}`,
        (page) =>
          client.rest.issues.listEvents({ owner, repo, issue_number: issue, per_page: PER_PAGE, page }),
        (page): readonly IssueEvent[] => page,
      );
      const last = events.findLast((event) => event.event === "labeled" && isLabel(event.label, label));
      return last === undefined ? undefined : loginOf(last.actor);
    },
  };
}

interface IssueEvent {
  readonly event: string;
  readonly actor: { readonly login: string } | null;
  readonly label?: { readonly name?: string | null };
}

/** GitHub takes labels that differ in their letters' case only for the same. */
function isLabel(label: IssueEvent["label"], wanted: string): boolean {
  return label?.name?.toLowerCase() === wanted.toLowerCase();
}
