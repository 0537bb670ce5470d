import type { Conclusion } from "../verdict/verdict.ts";

/** The names of our check runs; branch protection refers to them. */
export const CHECK_NAMES = {
  blocking: "incident-to-eval / blocking",
  warning: "incident-to-eval / warning",
  guard: "incident-to-eval / guard",
} as const;

/** The name of the check run with the report of a release, which no branch protection needs. */
export const RELEASE_CHECK = "incident-to-eval / release";
export type CheckName = (typeof CHECK_NAMES)[keyof typeof CHECK_NAMES] | typeof RELEASE_CHECK;

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
/** The button that says how a check is overridden: a button carries no reason. */
export const OVERRIDE_ACTION = "override";
/** The button that says how an unstable fixture is quarantined. */
export const QUARANTINE_ACTION = "quarantine";

/** A button on a finished check run; pressing it sends its id back to us. */
export interface CheckAction {
  /** At most 20 characters. */
  readonly id: string;
  readonly label: string;
  readonly description: string;
}

/** One thing that keeps a check from being green. */
export interface Ground {
  /** Names it in the same words in every run on a commit, such as `fixture asks-first`. */
  readonly on: string;
  /** What it came to, such as `regressed`. */
  readonly says: string;
  /**
   * Somebody who may override can accept it: what the agent does, or that we could not find out. What nobody can
   * read, a head that nobody let run, and a gate that is weakened are mended or approved instead.
   */
  readonly acceptable: boolean;
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
  /** Why it is not green, for whoever may override it; GitHub is not told. */
  readonly grounds?: readonly Ground[];
  /** Where GitHub's link to more details leads; to the app's own page where it is undefined. */
  readonly detailsUrl?: string | undefined;
  /** Our own pointer to the run, given back by GitHub in events. */
  readonly externalId: string;
}
