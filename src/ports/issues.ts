/** An issue as it stands now. */
export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly state: "open" | "closed";
  readonly labels: readonly string[];
  readonly url: string;
  readonly updatedAt: Date;
}

/** Reads issues and keeps one comment of each kind on them. */
export interface Issues {
  /** Reads an issue; undefined where there is none or it is a pull request. */
  fetchIssue(number: number): Promise<Issue | undefined>;
  /** Brings the one comment of this kind to this text; answers its address. The hidden marker is added here. */
  publishComment(number: number, kind: string, body: string): Promise<string>;
  /** Answers a person's comment with a reaction; where reactions are not offered nothing happens. */
  react(commentId: number, reaction: "eyes" | "+1" | "-1" | "confused"): Promise<void>;
}
