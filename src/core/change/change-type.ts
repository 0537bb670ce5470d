/** The ways in which a pull request can change an agent. */
export const CHANGE_TYPES = [
  "prompt",
  "tools",
  "policy",
  "model",
  "retrieval",
  "memory",
  "topology",
] as const;
export type ChangeType = (typeof CHANGE_TYPES)[number];

/** One file that differs between two commits; a rename is a removal and an addition. */
export interface ChangedFile {
  readonly path: string;
  readonly kind: "added" | "removed" | "modified";
}

/** One reason to believe that an agent changed in a certain way. */
export interface Change {
  readonly agent: string;
  readonly type: ChangeType;
  /** The file that changed, and the key inside it where the change is at key level. */
  readonly path: string;
  readonly key?: string;
}
