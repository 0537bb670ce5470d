import type { FailureType, Level } from "./taxonomy.ts";

/** What the table said before somebody decided otherwise. */
interface Overruled {
  readonly by: string;
  readonly row: string;
  readonly because: string;
  readonly instead: Level | "skip";
}

/** Who decided, where it was not the table, and whose decision stood on facts that have changed. */
interface Decided {
  readonly overruled?: Overruled;
  readonly lapsed?: { readonly by: string; readonly level: Level | "skip" };
}

/** What an incident deserves, the row of the table that decided, and why. */
export type Triage = Decided & Weighed;

type Weighed =
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
