import type { Proposal } from "../../core/report/proposal.ts";
import { ExternalFailure } from "../../ports/external-failure.ts";
import type { ProposalResult, Proposals } from "../../ports/proposals.ts";
import { isRefusal } from "./call-github.ts";
import type { RepositoryAccess } from "./client.ts";
import { fetchBranch, writeBranch } from "./proposal-branch.ts";
import { findPullRequest, requestReviews, showPullRequest } from "./proposal-pull-request.ts";

/** Opens pull requests, one for each branch of ours. */
export function githubProposals(access: RepositoryAccess): Proposals {
  return {
    openProposal: (proposal, lastWritten) => openProposal(access, proposal, lastWritten),
  };
}

async function openProposal(
  access: RepositoryAccess,
  proposal: Proposal,
  lastWritten: string | undefined,
): Promise<ProposalResult> {
  if (proposal.branch === proposal.base.branch) {
    throw new Error(`a proposal needs a branch of its own, got its base ${proposal.branch}`);
  }
  const standing = await findPullRequest(access, proposal.branch);
  if (standing !== undefined && standing.state !== "open") {
    return {
      kind: standing.merged_at === null ? "rejected" : "merged",
      pullRequest: standing.number,
      url: standing.html_url,
    };
  }
  const branch = await fetchBranch(access, proposal.branch);
  if (branch !== undefined && branch.sha !== lastWritten && !branch.isOurs) {
    return {
      kind: "edited_by_people",
      pullRequest: standing?.number,
      url: standing?.html_url,
      commit: branch.sha,
    };
  }

  const written = await writeBranch(access, proposal, branch);
  const shown = await showPullRequest(access, proposal, standing).catch((failure: unknown) => {
    // GitHub may not see yet what it has just written; the next attempt writes nothing, and then a no is a no.
    throw written.changed && isRefusal(failure, [422]) ? askedTooSoon(failure, access.lagMs) : failure;
  });
  await requestReviews(access, shown.pullRequest, proposal, written.commit);
  return {
    kind: shown.kind === "unchanged" && written.changed ? "updated" : shown.kind,
    pullRequest: shown.pullRequest.number,
    url: shown.pullRequest.html_url,
    commit: written.commit,
  };
}

function askedTooSoon({ message, status }: ExternalFailure, lagMs: number): ExternalFailure {
  return new ExternalFailure(`${message}; it may not see the branch yet and is asked again`, {
    system: "github",
    retryable: true,
    retryAfterMs: lagMs,
    status,
  });
}
