import { createHash } from "node:crypto";
import { PAGE_SCRIPT } from "../core/report/page-style.ts";
import type { ReportPages } from "../ports/report-pages.ts";
import type { Page, PageResponse } from "./http-page.ts";
import { KEPT_MS } from "./retention.ts";

/** Where the pages of runs are served, each below it under its id. */
export const REPORTS_PATH = "/reports";

const REPORT_PATH = /^\/reports\/([A-Za-z0-9-]{1,64})$/;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** What the pages of runs are served from. */
export interface ReportPageOptions {
  /** Throws ExternalFailure while the store is not open. */
  readonly reportPages: () => Pick<ReportPages, "fetchPage">;
  readonly now: () => Date;
}

/**
 * The page with all of a run, for as long as it is kept. It asks for no login: who has the address was given it by a
 * check run, which GitHub shows to those who may read the repository.
 */
export function reportPage({ reportPages, now }: ReportPageOptions): Page {
  return {
    path: `${REPORTS_PATH}/*`,
    async respond({ url }) {
      const [, id] = REPORT_PATH.exec(url.pathname) ?? [];
      if (id === undefined) return notThere();
      const since = new Date(now().getTime() - KEPT_MS.reportPages);
      const html = await reportPages().fetchPage(id, since);
      if (html === undefined) return notThere();
      return { status: 200, headers: HEADERS, body: html };
    },
  };
}

const SCRIPT_DIGEST = createHash("sha256").update(PAGE_SCRIPT).digest("base64");

/**
 * What agents and people wrote is on the page: it runs no script but ours, loads and sends nothing, and belongs to no
 * site, so that it could not speak for an administrator who is logged in at the dashboard.
 */
const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${SCRIPT_DIGEST}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts`,
  "x-robots-tag": "noindex, nofollow, noarchive",
};

/** One answer for what never was and for what is over. */
function notThere(): PageResponse {
  const days = Math.round(KEPT_MS.reportPages / DAY_MS);
  return {
    status: 404,
    headers: { "content-type": "text/plain; charset=utf-8", "x-robots-tag": "noindex" },
    body: `There is no report at this address. Reports are kept for ${days} days; running the check again makes a new one.\n`,
  };
}
