/** What files of fixtures said when they were read before, in the form of `writeStoredContent`, by the git id of their content. */
export interface KeptContents {
  /** Those of these that are known; what is kept in a form that cannot be trusted is not. */
  readonly find: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  /** Keeps what is new; where it cannot be kept it is lost, and read again. */
  readonly keep: (contents: ReadonlyMap<string, string>) => Promise<void>;
}
