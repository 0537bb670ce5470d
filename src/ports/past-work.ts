import type { PastChange } from "../core/report/setup-proposal.ts";

/** What a repository is, as far as a setup looks at it. */
export interface RepositoryNature {
  readonly isFork: boolean;
  readonly isArchived: boolean;
  readonly isEmpty: boolean;
}

/** Looks back at what happened in one repository. */
export interface PastWork {
  /** Tells a fork, an archive and an empty repository from one that people work in. */
  fetchNature(): Promise<RepositoryNature>;
  /** Lists the pull requests that were merged last, at most so many, newest first. */
  fetchMerged(countMax: number): Promise<readonly PastChange[]>;
}
