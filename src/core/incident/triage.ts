import type { FailureType, Level } from "./taxonomy.ts";

/** What an incident deserves, the row of the table that decided, and why. */
export type Triage =
  | {
      readonly kind: "fixture";
      readonly level: Level;
      readonly row: string;
      readonly because: string;
      readonly pair: boolean;
    }
  | { readonly kind: "keep_trace"; readonly row: string; readonly because: string }
  | { readonly kind: "skip"; readonly row: string; readonly because: string };

/** What follows from the expected behaviour beside what the report names. */
export interface ReadExpectation {
  /** Undefined where the report names a type itself, or none follows. */
  readonly failureType: FailureType | undefined;
  /** Tools of the agent that were not to be called. */
  readonly forbiddenTools: readonly string[];
}
