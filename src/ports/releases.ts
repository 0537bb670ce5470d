/** A deployment that succeeded. */
export interface Deployed {
  readonly deploymentId: number;
  readonly sha: string;
}

/** A run of a workflow that waits for our word before it deploys. */
export interface WaitingRelease {
  readonly runId: number;
  readonly environment: string;
}

/** What is deployed of a repository, and the releases that wait for our word. */
export interface Releases {
  /** Finds the newest deployment to an environment that succeeded, other than this one; undefined where there is none among the last ones. */
  fetchLastDeployed(environment: string, otherThan: number | undefined): Promise<Deployed | undefined>;
  /** Lets a release go on or ends it; `not_waiting` where GitHub takes no answer to it, or no more. The comment is cut to what GitHub takes. */
  answerRelease(
    release: WaitingRelease,
    answer: { readonly state: "approved" | "rejected"; readonly comment: string },
  ): Promise<"answered" | "not_waiting">;
  /** Tells those who look at the release how far it is, which GitHub allows ten times. */
  reportProgress(release: WaitingRelease, comment: string): Promise<void>;
}
