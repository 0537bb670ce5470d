import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { types } from "node:util";
import { decideExitCode } from "../core/report/exit-code.ts";
import { mergeReports, type ShardReport } from "../core/report/merge-reports.ts";
import { readResult } from "../core/report/read-result.ts";
import { renderTerminal } from "../core/report/render-terminal.ts";
import { type Command, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { inFile, reportProblems } from "./problems.ts";
import { readArguments } from "./read-arguments.ts";
import { prepareReports, REPORT_HELP, REPORT_OPTIONS, writeReports } from "./report-files.ts";

const FILES_MAX = 1_000;

const HELP = `Joins the results of shards into one result, with the reports and the exit code of the whole suite.
A shard that is missing is no success: what it should have run is not known.

Usage: incident-to-eval merge FILE... [options]

${REPORT_HELP}

Examples
  incident-to-eval run --shard 1/2 --json 1.json      on one machine
  incident-to-eval run --shard 2/2 --json 2.json      on another one
  incident-to-eval merge 1.json 2.json --html report.html

Exit codes: 0 nothing blocks, 1 a blocking fixture does not pass, 2 usage, or a file that is no shard of
the suite, 3 something could not be evaluated, or a shard is missing.
`;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals: files } = readArguments("merge", args, REPORT_OPTIONS);
  if (files.length === 0 || files.length > FILES_MAX) {
    throw new UsageError(
      `merge takes 1 to ${FILES_MAX} results of shards, got ${files.length}. Run \`incident-to-eval merge --help\`.`,
    );
  }
  const read = await Promise.all(
    files.map(async (path) => ({ path, result: await readShard(path, terminal) })),
  );
  const problems = read.flatMap(({ path, result }) =>
    result.kind === "unusable" ? result.problems.map(inFile(path)) : [],
  );
  if (problems.length > 0) return reportProblems(problems, terminal);
  const shards = read.flatMap(({ path, result }): readonly ShardReport[] =>
    result.kind === "parsed" ? [{ path, report: result.value }] : [],
  );
  const merged = mergeReports(shards);
  if (merged.kind === "unusable") return reportProblems(merged.problems, terminal);
  await prepareReports(values, terminal);
  await writeReports(merged.value, values, terminal);
  terminal.print(renderTerminal(merged.value, { colours: terminal.colours }));
  return decideExitCode(merged.value);
}

async function readShard(path: string, { folder }: Terminal) {
  try {
    return readResult(await readFile(resolve(folder, path), "utf8"));
  } catch (cause) {
    const said = types.isNativeError(cause) ? cause.message : "unknown fault";
    throw new UsageError(`cannot read ${path}: ${said}`, { cause });
  }
}

/** Joins the results of shards. */
export const mergeCommand: Command = { help: HELP, options: REPORT_OPTIONS, run };
