/** A pull request as it stands now. */
export interface PullRequest {
  readonly number: number;
  readonly title: string;
  readonly author: string;
  readonly state: "open" | "closed";
  readonly draft: boolean;
  readonly merged: boolean;
  readonly head: { readonly sha: string; readonly branch: string; readonly repo: string | undefined };
  readonly base: { readonly sha: string; readonly branch: string };
  readonly fromFork: boolean;
  readonly url: string;
}

/** Reads the pull requests of a repository. */
export interface PullRequests {
  /** Reads a pull request; undefined where there is none. */
  fetchPullRequest(number: number): Promise<PullRequest | undefined>;
  /** Lists open pull requests, all of them or those whose head is this commit. */
  searchOpen(headSha?: string): Promise<readonly PullRequest[]>;
}
