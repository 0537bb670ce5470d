import type { Conclusion } from "../verdict/verdict.ts";

/** The names of our check runs; branch protection refers to them. */
export const CHECK_NAMES = {
  blocking: "incident-to-eval / blocking",
  warning: "incident-to-eval / warning",
} as const;
export type CheckName = (typeof CHECK_NAMES)[keyof typeof CHECK_NAMES];

/** A remark on lines of a file. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
}

/** The button that runs the fixtures of a commit again. */
export const RERUN_ACTION = "rerun";

/** A button on a finished check run; pressing it sends its id back to us. */
export interface CheckAction {
  /** At most 20 characters. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
}

/** A check run as it shall stand on GitHub. */
export interface CheckRun {
  readonly name: CheckName;
  readonly headSha: string;
  readonly state:
    | { readonly kind: "in_progress" }
    | { readonly kind: "completed"; readonly conclusion: Conclusion };
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
  readonly annotations: readonly Annotation[];
  /** Buttons that people see, at most three; none where absent. */
  readonly actions?: readonly CheckAction[];
  /** Our own pointer to the run, given back by GitHub in events. */
  readonly externalId: string;
}
