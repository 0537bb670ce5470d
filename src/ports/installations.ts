/** One installation of the App. */
export interface Installation {
  readonly id: number;
  /** Its owner has forbidden the App for a time. */
  readonly suspended: boolean;
}

/** A repository that an installation gives us. */
export interface InstalledRepository {
  /** GitHub's number of it, which a rename or a transfer does not change. */
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  /** Missing where it is not told. */
  readonly isFork?: boolean | undefined;
  readonly pushedAt?: Date | undefined;
}

/** Where a repository is. */
export type RepositoryPlace =
  | { readonly kind: "here"; readonly repository: InstalledRepository }
  /** Deleted, or no longer given to the App. */
  | { readonly kind: "gone" }
  | { readonly kind: "suspended" };

/** Lists where the App is installed, and finds repositories that moved. */
export interface Installations {
  /** Lists the installations of the App. */
  fetchInstallations(): Promise<readonly Installation[]>;
  /** Lists the repositories of an installation that can be written to; undefined where no such list is offered. */
  fetchRepositories(installationId: number): Promise<readonly InstalledRepository[] | undefined>;
  /** Finds a repository by its name, or by its id where another or none has that name by now. */
  locate(
    installationId: number,
    sought: { readonly id?: number | undefined; readonly owner: string; readonly name: string },
  ): Promise<RepositoryPlace>;
}
