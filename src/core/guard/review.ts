/** What a review of a pull request said. */
export type ReviewState = "approved" | "changes_requested" | "commented" | "dismissed" | "pending";

/** One review of a pull request. */
export interface Review {
  readonly id: number;
  readonly author: string;
  readonly state: ReviewState;
  /** The commit that was looked at; unknown where it is gone. */
  readonly commit: string | undefined;
  /** Undefined while it is not submitted. */
  readonly at: Date | undefined;
}
