import { resolve } from "node:path";
import { EXPORT_TARGETS, type Export, exportFixtures } from "../core/fixture/export/export-fixtures.ts";
import type { ExportTarget } from "../core/fixture/export/exported.ts";
import type { FixtureFile } from "../core/fixture/fixture.ts";
import { plural } from "../core/report/amounts.ts";
import { oneLine } from "../core/text/markdown.ts";
import { nearestWord } from "../core/text/nearest-word.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { openCheckout } from "./open-checkout.ts";
import { reportProblems } from "./problems.ts";
import { readArguments } from "./read-arguments.ts";
import { problemsOf, readCheckout } from "./read-checkout.ts";
import { writeOver } from "./write-file.ts";

const TARGET_NAMES = EXPORT_TARGETS.map(({ name }) => name);

const HELP = `Writes fixtures in the format of another tool, and lists what of them it cannot say. What comes back through
import is what both can say.

Usage: incident-to-eval export [FIXTURE …] --to FORMAT [options]      FIXTURE is an id, a file or a folder

  --to FORMAT      ${TARGET_NAMES.join(", ")}
  --out FILE       where it goes                     (default: printed)

Examples
  incident-to-eval export --to promptfoo --out promptfooconfig.yaml
  incident-to-eval export evals/golden --to langsmith --out dataset.jsonl

Exit codes: 0 exported, whatever was left out is listed; 2 usage or configuration.
`;

const OPTIONS = { to: { type: "string" }, out: { type: "string" } } as const;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments("export", args, OPTIONS);
  const target = targetOf(values.to);
  const { repository } = await openCheckout(terminal);
  const checkout = await readCheckout(repository);
  if (checkout.kind === "unusable") return reportProblems(checkout.problems, terminal);
  const problems = problemsOf(checkout);
  if (problems.length > 0) return reportProblems(problems, terminal);

  const files = chosen(checkout.fixtures.files, positionals);
  const exported = exportFixtures(
    files.map(({ fixture }) => fixture),
    target,
  );
  if (values.out === undefined) terminal.print(exported.text);
  else await writeOver(resolve(terminal.folder, values.out), exported.text);
  terminal.say(summary(exported, target, values.out));
  return EXIT.held;
}

function targetOf(named: string | undefined): ExportTarget {
  const target = EXPORT_TARGETS.find(({ name }) => name === named);
  if (target !== undefined) return target;
  const near = named === undefined ? undefined : nearestWord(named, TARGET_NAMES);
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw new UsageError(
    `--to takes one of ${TARGET_NAMES.join(", ")}, got ${JSON.stringify(named?.slice(0, 40) ?? "nothing")}${hint}`,
  );
}

function chosen(files: readonly FixtureFile[], named: readonly string[]): readonly FixtureFile[] {
  const wanted = named.map((name) => name.replace(/^\.\//, "").replace(/\/$/, ""));
  const isMeant = ({ path, fixture }: FixtureFile, name: string): boolean =>
    fixture.id === name || path === name || path.startsWith(`${name}/`);
  const missing = wanted.find((name) => !files.some((file) => isMeant(file, name)));
  if (missing !== undefined)
    throw new UsageError(`there is no fixture ${JSON.stringify(missing.slice(0, 80))} under evals/`);
  const found =
    wanted.length === 0 ? files : files.filter((file) => wanted.some((name) => isMeant(file, name)));
  if (found.length === 0) throw new UsageError("there is no fixture under evals/ to export");
  return found;
}

function summary({ exported, unsaid }: Export, { name }: ExportTarget, out: string | undefined): string {
  const lines = unsaid.flatMap(({ id, isLeftOut, what }) => [
    `${id}${isLeftOut ? " is left out" : ""}:\n`,
    ...what.map((one) => `      ${oneLine(one)}\n`),
  ]);
  const said = lines.length === 0 ? "" : `what ${name} cannot say:\n${lines.join("")}`;
  return `${said}${plural(exported, "fixture")} exported${out === undefined ? "" : ` to ${out}`}\n`;
}

/** Writes fixtures in the format of another tool. */
export const exportCommand: Command = { help: HELP, options: OPTIONS, run };
