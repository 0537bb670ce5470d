/** A pull request that we want to stand open: one commit on one branch of ours. */
export interface Proposal {
  readonly branch: string;
  readonly base: { readonly branch: string; readonly sha: string };
  readonly title: string;
  readonly body: string;
  readonly commitMessage: string;
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** Logins or `org/team` names, without `@`. */
  readonly reviewers: readonly string[];
}
