/** The page with all of a run, for whoever has its address. */
export interface ReportPage {
  /** Nobody guesses it: whoever knows it may read the page. */
  readonly id: string;
  /** The repository in the form `owner/name`. */
  readonly repo: string;
  /** A whole page that needs nothing else. */
  readonly html: string;
  readonly madeAt: Date;
}

/** Keeps the pages of runs. */
export interface ReportPages {
  /** Keeps a page, in place of one that has this id. */
  savePage(page: ReportPage): Promise<void>;
  /** Reads a page that was made at or after a time; undefined where there is none. */
  fetchPage(id: string, madeSince: Date): Promise<string | undefined>;
  /** Removes the pages that were made before a time, and answers how many there were. */
  prunePages(before: Date): Promise<number>;
}
