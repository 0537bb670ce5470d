import type { Usage } from "../core/trajectory/trajectory.ts";

/** How GitHub's front door took a delivery. */
export type Intake =
  | "stored"
  | "duplicate"
  | "refused_signature"
  | "refused_size"
  | "refused_form"
  | "unavailable";

/** Something that happened and is counted. */
export type Occurrence =
  | {
      readonly kind: "github_request";
      /** Undefined where no answer came. */
      readonly status: number | undefined;
      readonly isLimited: boolean;
      readonly installationId: number | undefined;
      /** Requests that GitHub still allows this installation, where it said so. */
      readonly remaining: number | undefined;
    }
  | { readonly kind: "delivery_taken"; readonly event: string; readonly intake: Intake }
  /** What would have been asked of GitHub and was kept here. */
  | { readonly kind: "github_spared"; readonly count: number }
  | {
      readonly kind: "delivery_settled";
      readonly event: string;
      readonly outcome: "processed" | "failed";
      /** From its arrival on. */
      readonly ageMs: number;
    }
  | { readonly kind: "job_began"; readonly job: string }
  | {
      readonly kind: "job_ended";
      readonly job: string;
      readonly outcome: "done" | "retry" | "give_up";
      readonly durationMs: number;
    }
  /** All checks of a head got their conclusion, so long after the event that asked for it. */
  | { readonly kind: "checks_concluded"; readonly afterMs: number }
  | { readonly kind: "drafts_proposed"; readonly outcome: string }
  /** People closed a pull request for drafted fixtures. */
  | { readonly kind: "drafts_closed"; readonly outcome: "merged" | "rejected" }
  /** Somebody decided against what we say, such as by an override. */
  | { readonly kind: "decided"; readonly what: string }
  | { readonly kind: "redeliveries_asked"; readonly count: number }
  | { readonly kind: "model_failed"; readonly model: string }
  | {
      readonly kind: "model_answered";
      readonly model: string;
      readonly usage: Usage;
      /** Undefined where the price is not known. */
      readonly costUsd: number | undefined;
    };

/** Counts what happens, for those who watch the app from outside. */
export interface Metrics {
  /** Counts one occurrence; never fails and never waits. */
  note(occurrence: Occurrence): void;
}
