/** Looks after the place where everything is kept. */
export interface StoreCare {
  /** Frees the space of what was removed or replaced, where nobody else does. */
  reclaimSpace(): Promise<void>;
}
