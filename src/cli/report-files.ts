import { resolve } from "node:path";
import type { RunReport } from "../core/report/run-report.ts";
import type { Terminal } from "./command.ts";
import { prepareFile, writeOver } from "./write-file.ts";

/** The options that ask for a report in a file. */
export const REPORT_OPTIONS = {
  json: { type: "string" },
  junit: { type: "string" },
  html: { type: "string" },
} as const;

/** Says what these options do. */
export const REPORT_HELP = `  --json FILE      writes the result as JSON (its schema: evals/schema/result.schema.json)
  --junit FILE     writes the result as JUnit XML
  --html FILE      writes the result as one page for a browser`;

/** The files that somebody asked for. */
export interface ReportFiles {
  readonly json?: string | undefined;
  readonly junit?: string | undefined;
  readonly html?: string | undefined;
}

/** Makes sure that the reports can be written, before anything is spent on what goes into them. */
export async function prepareReports(
  { json, junit, html }: ReportFiles,
  { folder }: Terminal,
): Promise<void> {
  for (const path of [json, junit, html]) if (path !== undefined) await prepareFile(resolve(folder, path));
}

/** Writes the reports; what renders one is loaded when somebody wants it. */
export async function writeReports(
  report: RunReport,
  { json, junit, html }: ReportFiles,
  { folder, now }: Terminal,
): Promise<void> {
  if (json !== undefined) {
    const { renderJson } = await import("../core/report/render-json.ts");
    await writeOver(resolve(folder, json), `${JSON.stringify(renderJson(report), null, 2)}\n`);
  }
  if (junit !== undefined) {
    const { renderJunit } = await import("../core/report/render-junit.ts");
    await writeOver(resolve(folder, junit), renderJunit(report));
  }
  if (html !== undefined) {
    const { renderPage } = await import("../core/report/render-page.ts");
    await writeOver(resolve(folder, html), renderPage(report, now()));
  }
}
