/** An open pull request in a list. */
export interface ListedPullRequest {
  readonly number: number;
  readonly headSha: string;
  readonly draft: boolean;
  readonly updatedAt: Date;
}

/** An open issue in a list. */
export interface ListedIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly updatedAt: Date;
}

/** A part of a list. */
export interface ListPage<T> {
  readonly items: readonly T[];
  readonly isLast: boolean;
}

/** Lists what is open in a repository, to find what nobody told us of. */
export interface OpenWork {
  /** Tells in one request whether the default branch has a file. */
  hasFile(path: string): Promise<boolean>;
  /** Reads a page of the open pull requests, counted from one: what changed last comes first. */
  fetchPullRequests(page: number): Promise<ListPage<ListedPullRequest>>;
  /** Reads a page of the open issues with a label, counted from one: what changed last comes first. */
  fetchIssues(label: string, page: number): Promise<ListPage<ListedIssue>>;
  /** Names the person who put a label on an issue last; undefined where it stands there from the beginning. */
  fetchLabeller(issue: number, label: string): Promise<string | undefined>;
}
