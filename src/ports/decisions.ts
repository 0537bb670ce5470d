import type { Level } from "../core/incident/taxonomy.ts";
import type { CheckName } from "../core/report/check-run.ts";

/** What every decision of a person says; none is ever changed or removed. */
interface Decided {
  /** Names the decision within its repository: the same where a delivery comes twice. */
  readonly id: string;
  /** A repository in the form `owner/name`. */
  readonly repo: string;
  readonly actor: string;
  /** As whom they might: a role, `@org/team` or `@login`. */
  readonly as: string;
  /** In their own words, redacted. */
  readonly reason: string;
  readonly at: Date;
}

/** Something that a check said when it was overridden. */
export interface Hidden {
  readonly check: CheckName;
  /** What stood in the way, in the words of its ground, such as `fixture asks-first`. */
  readonly on: string;
  readonly says: string;
}

/** The checks of a pull request let one commit through. */
export interface OverrideDecision extends Decided {
  readonly kind: "override";
  readonly pullRequest: number;
  readonly headSha: string;
  /** The branch that it was to be merged into; it counts for no other. */
  readonly base: string;
  /** All that it hides; what comes up later it does not. */
  readonly hides: readonly Hidden[];
  readonly expiresAt: Date;
}

/** A commit may be deployed although fixtures hold it. */
export interface ReleaseOverrideDecision extends Decided {
  readonly kind: "release_override";
  /** The issue or pull request on which it was given. */
  readonly issue: number;
  readonly headSha: string;
  readonly expiresAt: Date;
}

/** An unstable fixture is listed and does not block. */
export interface QuarantineDecision extends Decided {
  readonly kind: "quarantine";
  readonly fixture: string;
  readonly expiresAt: Date;
}

/** An incident deserves another weight than the table gave it. */
export interface TriageDecision extends Decided {
  readonly kind: "triage";
  readonly issue: number;
  readonly level: Level | "skip";
  /** Digest of the facts that the table decides from: on others the decision does not stand. */
  readonly facts: string;
}

/** What somebody decided against what we say. */
export type Decision = OverrideDecision | ReleaseOverrideDecision | QuarantineDecision | TriageDecision;

/** Remembers what people decided, for good. */
export interface Decisions {
  /** Notes a decision; answers `known` where it was noted before, and leaves that as it is. */
  saveDecision(decision: Decision): Promise<"saved" | "known">;
  /** Reads a decision by its id. */
  fetchDecision(repo: string, id: string): Promise<Decision | undefined>;
  /** Lists the overrides of a commit, of both kinds, newest first. */
  searchOverrides(
    repo: string,
    headSha: string,
  ): Promise<readonly (OverrideDecision | ReleaseOverrideDecision)[]>;
  /** Lists the quarantines that had not ended at this time, newest first. */
  searchQuarantines(repo: string, notEndedAt: Date): Promise<readonly QuarantineDecision[]>;
  /** Reads the newest triage of an incident. */
  fetchTriage(repo: string, issue: number): Promise<TriageDecision | undefined>;
}
