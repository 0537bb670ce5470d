/** What became of the one setup that a repository is proposed. */
export type SetupState =
  /** The pull request stands open. */
  | "proposed"
  /** Somebody closed it: the repository is out. */
  | "declined"
  /** There is a configuration. */
  | "configured"
  /** No agent was found, or it is a fork, archived or empty. */
  | "nothing_found";

/** What is remembered of a repository's setup. */
export interface SetupRecord {
  /** In the form `owner/name`. */
  readonly repo: string;
  readonly installationId: number;
  readonly state: SetupState;
  readonly pullRequest: number | undefined;
  /** When the pull request was opened; undefined where none was. */
  readonly proposedAt: Date | undefined;
}

/** Remembers which repositories were proposed a setup: once each, for ever. */
export interface Setups {
  /** Reads what became of a repository's setup; undefined where none was considered. */
  fetchSetup(repo: string): Promise<SetupRecord | undefined>;
  /** Replaces what is remembered of a repository. */
  saveSetup(record: SetupRecord): Promise<void>;
  /** Counts the setups that were proposed to an installation since then. */
  countProposed(installationId: number, since: Date): Promise<number>;
}
