import { basename } from "node:path";
import { type ImportedFixture, importFixtures } from "../core/fixture/import/import-fixtures.ts";
import { SCHEMA_FROM_INCIDENT, writeFixture } from "../core/fixture/write-fixture.ts";
import type { Problem } from "../core/problem.ts";
import { plural } from "../core/report/amounts.ts";
import { oneLine } from "../core/text/markdown.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { openCheckout } from "./open-checkout.ts";
import { inFile, reportProblems } from "./problems.ts";
import { oneFile, readArguments } from "./read-arguments.ts";
import { type Checkout, readCheckout } from "./read-checkout.ts";
import { readNamedFile } from "./read-file.ts";
import { writeNew } from "./write-file.ts";

const OUT_DEFAULT = "evals/imported";

const HELP = `Turns test cases of other tools into fixtures: the shapes that incident reports use (JSON, YAML, a Python
list), promptfoo tests, and dataset examples as JSON lines. What a fixture has no place for is kept under
\`source\`; files that exist are never overwritten.

Usage: incident-to-eval import FILE [options]

  --agent NAME     the agent that the cases test   (default: the only one of the configuration)
  --message TEXT   what the user says, where a case does not tell
  --out FOLDER     where the fixtures go           (default: ${OUT_DEFAULT})
  --dry-run        prints the fixtures and writes nothing

Exit codes: 0 imported, 2 usage, or something in the file cannot be used (all of it is named).
`;

const OPTIONS = {
  agent: { type: "string" },
  message: { type: "string" },
  out: { type: "string", default: OUT_DEFAULT },
  "dry-run": { type: "boolean", default: false },
} as const;

/** An imported fixture as the file that it becomes. */
interface NewFile extends ImportedFixture {
  readonly path: string;
  readonly text: string;
}

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments("import", args, OPTIONS);
  const file = oneFile("import", positionals);
  const { folder, repository } = await openCheckout(terminal);
  const checkout = await readCheckout(repository);
  if (checkout.kind === "unusable") return reportProblems(checkout.problems, terminal);

  const agent = agentOf(checkout, values.agent);
  const imported = importFixtures(await readNamedFile(file, terminal), {
    fileName: basename(file),
    agent,
    spans: checkout.config.agents[agent]?.spans ?? {},
    ...(values.message === undefined ? {} : { message: values.message }),
  });
  if (imported.kind === "unusable") return reportProblems(imported.problems.map(inFile(file)), terminal);

  const out = outFolder(values.out);
  const files = imported.value.map((one) => newFile(one, out));
  const taken = takenIds(files, checkout);
  if (taken.length > 0) return reportProblems(taken, terminal);
  for (const one of files) {
    if (values["dry-run"]) terminal.print(`# ${one.path}\n${one.text}\n`);
    else if (!(await writeNew(folder, one.path, one.text)))
      throw new UsageError(`${one.path} exists already, and is never overwritten`);
    terminal.print(saidOf(one, values["dry-run"]));
  }
  terminal.print(ending(files, out, values["dry-run"]));
  return EXIT.held;
}

function agentOf({ config }: Checkout, named: string | undefined): string {
  const names = Object.keys(config.agents);
  const [only, ...others] = names;
  const name = named ?? (others.length === 0 ? only : undefined);
  if (name !== undefined && names.includes(name)) return name;
  throw new UsageError(`--agent takes one of ${names.join(", ")}, got ${JSON.stringify(named ?? "nothing")}`);
}

/** Fixtures are looked for under evals/ only, so anywhere else they would never run. */
function outFolder(out: string): string {
  const parts = out.split("/").filter((part) => part !== "" && part !== ".");
  const isInside = !out.startsWith("/") && parts[0] === "evals" && !parts.includes("..");
  if (isInside) return parts.join("/");
  throw new UsageError(`--out takes a folder under evals/ of the checkout, got ${JSON.stringify(out)}`);
}

function newFile(one: ImportedFixture, out: string): NewFile {
  const up = "../".repeat(out.split("/").length - 1);
  const schema = SCHEMA_FROM_INCIDENT.replace(/^(\.\.\/)+/, up);
  return { ...one, path: `${out}/${one.fixture.id}.yml`, text: writeFixture(one.fixture, schema) };
}

function takenIds(files: readonly NewFile[], { fixtures }: Checkout): readonly Problem[] {
  const known = new Map(fixtures.files.map(({ fixture, path }) => [fixture.id, path]));
  return files.flatMap(({ fixture: { id } }) => {
    const path = known.get(id);
    return path === undefined
      ? []
      : [{ at: `id ${id}`, expected: "an id of its own", got: `that of ${path}` }];
  });
}

function saidOf({ path, from, notes }: NewFile, isDryRun: boolean): string {
  const lines = notes.map((note) => `      ${oneLine(note)}\n`);
  return `${isDryRun ? "would write" : "wrote"} ${path} (from ${from})\n${lines.join("")}`;
}

function ending(files: readonly NewFile[], out: string, isDryRun: boolean): string {
  if (isDryRun) return `${plural(files.length, "fixture")}, nothing written\n`;
  return `${plural(files.length, "fixture")} imported. Look them over, then run: incident-to-eval run --filter ${out}\n`;
}

/** Turns test cases of other tools into fixtures. */
export const importCommand: Command = { help: HELP, run };
