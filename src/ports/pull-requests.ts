import type { Review } from "../core/guard/review.ts";

/** A pull request as it stands now. */
export interface PullRequest {
  readonly number: number;
  readonly author: string;
  readonly state: "open" | "closed";
  readonly draft: boolean;
  readonly head: { readonly sha: string; readonly branch: string };
  readonly base: { readonly sha: string; readonly branch: string };
  readonly fromFork: boolean;
  readonly updatedAt: Date;
}

/** Reads the pull requests of a repository. */
export interface PullRequests {
  /** Reads a pull request; undefined where there is none. */
  fetchPullRequest(number: number): Promise<PullRequest | undefined>;
  /** Reads what this repository itself names as the head of a pull request, also of one from a fork that is gone; undefined where it names none. */
  fetchHeadRef(number: number): Promise<string | undefined>;
  /** Lists the open pull requests whose head is this commit. */
  searchOpen(headSha: string): Promise<readonly PullRequest[]>;
  /** Lists what reviewers said of a pull request, oldest first. */
  fetchReviews(number: number): Promise<readonly Review[]>;
  /** Lists the open pull requests from branches of this repository that begin with this. */
  searchOpenFrom(branchPrefix: string): Promise<readonly PullRequest[]>;
}
