import type { Draft } from "../fixture/draft.ts";
import type { FixtureSize } from "../fixture/minimising/size.ts";
import type { MissingField, Postmortem } from "../incident/postmortem.ts";
import type { Triage } from "../incident/triage.ts";
import type { Problem } from "../problem.ts";

/** How often a drafted fixture failed on the agent as it stands. */
export type Reproduction =
  | { readonly kind: "reproduces"; readonly failed: number; readonly trials: number; readonly sha: string }
  | { readonly kind: "flaky"; readonly failed: number; readonly trials: number; readonly sha: string }
  | { readonly kind: "does_not_reproduce"; readonly trials: number; readonly sha: string }
  /** Could not be decided: no model key, no recording, provider failed. */
  | { readonly kind: "undecided"; readonly because: string };

/** How a fixture was made smaller without losing its failure. */
export interface Shrinkage {
  /** What was taken away, such as `13 messages`, `document shipping`. */
  readonly removed: readonly string[];
  readonly before: FixtureSize;
  readonly after: FixtureSize;
  /** Runs of the agent that it took. */
  readonly runs: number;
  /** spent: cut off by a limit, so more might go. */
  readonly ended: "minimal" | "spent";
}

/** A drafted fixture with its evidence. */
export interface ReproducedDraft {
  readonly draft: Draft;
  readonly path: string;
  readonly reproduction: Reproduction;
  /** How it was made smaller; undefined where it was not. */
  readonly minimised: Shrinkage | undefined;
}

/** What stands in the pull request that proposes fixtures. */
export interface ProposedFixtures {
  readonly issue: number;
  readonly issueUrl: string;
  readonly postmortem: Postmortem;
  readonly triage: Triage;
  readonly drafts: readonly ReproducedDraft[];
  readonly redactions: Readonly<Record<string, number>>;
  /** Fixtures that exist already and are near, with how near (0 to 1). */
  readonly nearest: readonly { readonly id: string; readonly path: string; readonly nearness: number }[];
  /** Model that filled gaps, or undefined where the draft is deterministic. */
  readonly draftedBy: string | undefined;
}

/** Our one answer to an incident, whatever it came to. */
export type IncidentAnswer =
  | { readonly kind: "not_configured" }
  | { readonly kind: "configuration_broken"; readonly problems: readonly Problem[] }
  /** Whoever opened or labelled the issue may not ask. */
  | { readonly kind: "not_allowed"; readonly login: string }
  | {
      readonly kind: "incomplete";
      readonly missing: readonly MissingField[];
      readonly problems: readonly Problem[];
    }
  | { readonly kind: "no_fixture"; readonly triage: Triage }
  | {
      readonly kind: "duplicate";
      readonly fixtures: readonly { readonly id: string; readonly path: string }[];
    }
  | {
      readonly kind: "proposed";
      readonly proposed: ProposedFixtures;
      readonly pullRequest: number;
      readonly url: string;
    }
  | {
      readonly kind: "left_alone";
      readonly because: "edited_by_people" | "rejected" | "merged";
      readonly pullRequest: number | undefined;
      readonly url: string | undefined;
    }
  | { readonly kind: "failed"; readonly system: string; readonly message: string };
