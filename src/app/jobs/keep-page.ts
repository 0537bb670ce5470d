import { dayOf } from "../../core/fixture/day.ts";
import type { Guarded } from "../../core/guard/consent.ts";
import type { Outcome } from "../../core/report/decide-checks.ts";
import { agreedReport } from "../../core/report/decide-checks.ts";
import type { GateReport } from "../../core/report/gate-report.ts";
import { renderPage } from "../../core/report/render-page.ts";
import { REPORTS_PATH } from "../report-page.ts";
import { KEPT_MS } from "../retention.ts";
import { bestEffort } from "./best-effort.ts";
import type { JobDeps } from "./deps.ts";

/** What a browser still shows at once; compressed it is a tenth. */
const PAGE_LENGTH_MAX = 8 * 1024 * 1024;
const LATER = "What people approved or overrode since stands in the check run.";

type PageDeps = Pick<JobDeps, "reportPages" | "publicUrl" | "newId" | "now">;

/** Keeps the page of a run that came to a report, as the approvals stand that were heard so far. */
export async function withPage(
  outcome: Outcome,
  guarded: readonly Guarded[],
  deps: PageDeps,
): Promise<Outcome> {
  if (outcome.kind !== "report") return outcome;
  const { report, gate } = outcome;
  return { ...outcome, report: await keepPage(report, agreedReport(report, gate, guarded), deps) };
}

/**
 * Keeps the page of a run and gives the report with its address. Without a public address nobody could open it; a
 * report of nothing needs none, and one that cannot be kept is not worth failing for.
 */
export async function keepPage(report: GateReport, shown: GateReport, deps: PageDeps): Promise<GateReport> {
  const { reportPages, publicUrl } = deps;
  if (publicUrl === undefined || report.verdicts.length === 0) return report;
  const id = deps.newId();
  const madeAt = deps.now();
  const html = renderPage(shown, madeAt, { charactersMax: PAGE_LENGTH_MAX, note: LATER });
  const kept = await bestEffort(async () => {
    await reportPages.savePage({ id, repo: report.repo, html, madeAt });
    return true;
  });
  if (kept === undefined) return report;
  const keptUntil = dayOf(new Date(madeAt.getTime() + KEPT_MS.reportPages));
  return { ...report, page: { url: `${publicUrl}${REPORTS_PATH}/${id}`, keptUntil } };
}
