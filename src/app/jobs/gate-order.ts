/** On which heads a job runs: those without their answer, those that an outage left undecided, or any. */
type RunWhen = "unanswered" | "outage" | "always";

/** What a job is told to do beyond looking at the pull request. */
export type GateOrder =
  /** The command was answered and there is nothing to run. */
  | { readonly kind: "done" }
  | {
      readonly kind: "run";
      readonly when: RunWhen;
      /** Somebody with write access asked, so that a fork's head may cost money. */
      readonly approved: boolean;
      /** The commit that was meant; on any other there is nothing to do. */
      readonly onlyHead: string | undefined;
    };
