import type { Proposal } from "../core/report/proposal.ts";

/** What became of a proposal. */
export type ProposalResult =
  | {
      readonly kind: "opened" | "updated" | "unchanged";
      readonly pullRequest: number;
      readonly url: string;
      readonly commit: string;
    }
  /** A person changed the branch since we last wrote it: it was left alone. */
  | {
      readonly kind: "edited_by_people";
      readonly pullRequest: number | undefined;
      readonly url: string | undefined;
      readonly commit: string;
    }
  /** A person closed the pull request without merging it. */
  | { readonly kind: "rejected"; readonly pullRequest: number; readonly url: string }
  /** The pull request was merged. */
  | { readonly kind: "merged"; readonly pullRequest: number; readonly url: string };

/** Opens pull requests; the branch is the identity, so that asking twice gives one pull request. */
export interface Proposals {
  /** Brings branch, commit and pull request to what is proposed; `lastWritten` is the commit that we wrote before, if any. */
  openProposal(proposal: Proposal, lastWritten: string | undefined): Promise<ProposalResult>;
}
