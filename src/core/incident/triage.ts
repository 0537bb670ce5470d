import type { Level } from "./taxonomy.ts";

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
