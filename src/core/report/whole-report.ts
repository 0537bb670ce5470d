import { linkTo } from "../text/markdown.ts";
import type { GateReport } from "./gate-report.ts";

const FILTERS_MAX = 10;
/** As much of a commit's id as git takes for the whole in any repository that people work in. */
const SHA_LENGTH = 12;

/** Points at the page with all of a run; undefined where there is none. */
export function renderPageLink({ page }: Pick<GateReport, "page">): string | undefined {
  return page === undefined
    ? undefined
    : `${linkTo("The whole report", page.url)} (kept until ${page.keptUntil})`;
}

/** Says where the rest is, for a place where something was left out: the page, or the command that makes one. */
export function renderElsewhereAll(report: Pick<GateReport, "page" | "base">): string {
  const link = renderPageLink(report);
  return link === undefined
    ? ` All of it: \`${commandFor(report, [])} --html report.html\` in a checkout of this commit.`
    : ` All of it: ${link}.`;
}

/**
 * Writes the command that runs these fixtures as the gate did, with the same baseline, and also in the versions that
 * the base has of them; without any, or with very many, it runs all that the gate ran.
 */
export function commandFor({ base }: Pick<GateReport, "base">, ids: readonly string[]): string {
  const filters = ids.length > FILTERS_MAX ? [] : ids.map((id) => ` --filter ${id}`);
  return `npx incident-to-eval run --changed ${base.sha.slice(0, SHA_LENGTH)}${filters.join("")}`;
}
