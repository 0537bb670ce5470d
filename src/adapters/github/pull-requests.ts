import type { Review } from "../../core/guard/review.ts";
import type { PullRequest, PullRequests } from "../../ports/pull-requests.ts";
import { findOnGitHub } from "./call-github.ts";
import { loginOf, type RepositoryAccess } from "./client.ts";
import { collectPages, PER_PAGE } from "./collect-pages.ts";

/** What GitHub says of a pull request, alone or in a list. */
interface ListedPullRequest {
  readonly number: number;
  readonly user: { readonly login: string } | null;
  readonly state: string;
  readonly draft?: boolean;
  readonly head: Side & { readonly repo: { readonly id: number } | null };
  readonly base: Side & { readonly repo: { readonly id: number } };
  readonly updated_at: string;
}

/** What GitHub says of a review. */
interface ListedReview {
  readonly id: number;
  readonly user: { readonly login: string } | null;
  readonly state: string;
  readonly commit_id: string | null;
  readonly submitted_at?: string | null;
}

interface Side {
  readonly sha: string;
  readonly ref: string;
}

/** Reads pull requests. */
export function githubPullRequests(access: RepositoryAccess): PullRequests {
  const { client, owner, repo } = access;
  return {
    async fetchPullRequest(number) {
      const found = await findOnGitHub(`read the pull request ${number}`, () =>
        client.rest.pulls.get({ owner, repo, pull_number: number }),
      );
      return found === undefined ? undefined : pullRequestOf(found);
    },

    async fetchHeadRef(number) {
      const found = await findOnGitHub(`read the head of the pull request ${number}`, () =>
        client.rest.git.getRef({ owner, repo, ref: `pull/${number}/head` }),
      );
      return found?.object.sha;
    },

    async searchOpen(headSha) {
      // GitHub's own search by commit finds nothing for the head of a fork, so all open ones are looked through.
      return (await listOpen(access)).filter(({ head }) => head.sha === headSha);
    },

    async fetchReviews(number) {
      const listed = await collectPages(
        `list the reviews of the pull request ${number}`,
        (page) =>
          client.rest.pulls.listReviews({ owner, repo, pull_number: number, per_page: PER_PAGE, page }),
        (page): readonly ListedReview[] => page,
      );
      return listed.flatMap((review) => reviewOf(review) ?? []);
    },

    async searchOpenFrom(branchPrefix) {
      const open = await listOpen(access);
      return open.filter(({ head, fromFork }) => !fromFork && head.branch.startsWith(branchPrefix));
    },
  };
}

const REVIEW_STATES: ReadonlyMap<string, Review["state"]> = new Map([
  ["APPROVED", "approved"],
  ["CHANGES_REQUESTED", "changes_requested"],
  ["COMMENTED", "commented"],
  ["DISMISSED", "dismissed"],
  ["PENDING", "pending"],
]);

/** A review of an account that is gone is nobody's; one in a state that we do not know takes an approval back. */
function reviewOf({ id, user, state, commit_id, submitted_at }: ListedReview): Review | undefined {
  if (user === null) return undefined;
  return {
    id,
    author: user.login,
    state: REVIEW_STATES.get(state.toUpperCase()) ?? "dismissed",
    commit: commit_id ?? undefined,
    at: submitted_at === undefined || submitted_at === null ? undefined : new Date(submitted_at),
  };
}

async function listOpen({ client, owner, repo }: RepositoryAccess): Promise<readonly PullRequest[]> {
  const open = await collectPages(
    "list the open pull requests",
    (page) => client.rest.pulls.list({ owner, repo, state: "open", per_page: PER_PAGE, page }),
    (page): readonly ListedPullRequest[] => page,
  );
  return open.map((listed) => pullRequestOf(listed));
}

function pullRequestOf(found: ListedPullRequest): PullRequest {
  return {
    number: found.number,
    author: loginOf(found.user),
    state: found.state === "open" ? "open" : "closed",
    draft: found.draft ?? false,
    head: { sha: found.head.sha, branch: found.head.ref },
    base: { sha: found.base.sha, branch: found.base.ref },
    // The fork may have been deleted since.
    fromFork: found.head.repo?.id !== found.base.repo.id,
    updatedAt: new Date(found.updated_at),
  };
}
