import type { PullRequest } from "../../ports/pull-requests.ts";
import { type CommitsOrder, type Evaluation, evaluateCommits } from "./evaluate-commits.ts";
import type { PullRequestCommits } from "./read-pull-request.ts";

/** One pull request, ready to be evaluated. */
export interface EvaluationOrder
  extends Pick<
    CommitsOrder,
    "repo" | "repository" | "signal" | "supersededBy" | "onProgress" | "reusesTrials" | "deps"
  > {
  readonly pullRequest: PullRequest;
  readonly commits: PullRequestCommits;
  /** Running the suite may cost money: not for a fork's head until somebody with write access says so. */
  readonly mayPay: boolean;
}

/** Evaluates the head of a pull request by what it changes. */
export async function evaluatePullRequest(order: EvaluationOrder): Promise<Evaluation> {
  const { pullRequest, mayPay } = order;
  return await evaluateCommits({
    ...order,
    pullRequest: pullRequest.number,
    head: pullRequest.head,
    manner: { kind: "change" },
    obstacleToPaying: mayPay ? undefined : { kind: "fork", owner: pullRequest.author },
  });
}
