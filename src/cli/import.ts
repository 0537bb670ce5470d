import { basename } from "node:path";
import { fixtureSchema, type WrittenFixture } from "../core/fixture/fixture.ts";
import { idFromText } from "../core/fixture/fixture-path.ts";
import { type ImportedFixture, importFixtures } from "../core/fixture/import/import-fixtures.ts";
import { SCHEMA_FROM_INCIDENT, writeFixture } from "../core/fixture/write-fixture.ts";
import { canonicalJson, type JsonValue } from "../core/json.ts";
import { plural } from "../core/report/amounts.ts";
import { oneLine } from "../core/text/markdown.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { filesAround } from "./files-around.ts";
import { openCheckout } from "./open-checkout.ts";
import { inFile, reportProblems } from "./problems.ts";
import { oneFile, readArguments } from "./read-arguments.ts";
import { type Checkout, readCheckout } from "./read-checkout.ts";
import { readNamedFile } from "./read-file.ts";
import { writeNew } from "./write-file.ts";

const OUT_DEFAULT = "evals/imported";

const HELP = `Turns test cases of other tools into fixtures: the shapes that incident reports use (JSON, YAML, a Python
list), promptfoo configurations with the files that they name, and datasets of LangSmith, Langfuse, Braintrust and
OpenAI as JSON, JSON lines or CSV. What a fixture has no place for is kept under \`source\`, and what has no
counterpart is listed; no code is run, and files that exist are never overwritten.

Usage: incident-to-eval import FILE [options]

  --agent NAME     the agent that the cases test   (default: the only one of the configuration)
  --message TEXT   what the user says, where a case does not tell
  --out FOLDER     where the fixtures go           (default: ${OUT_DEFAULT})
  --dry-run        prints the fixtures and writes nothing

Examples
  incident-to-eval import promptfooconfig.yaml --agent refund --dry-run
  incident-to-eval import dataset.jsonl --agent refund --out evals/golden

Exit codes: 0 imported, 2 usage, or something in the file cannot be used (all of it is named).
`;

const OPTIONS = {
  agent: { type: "string" },
  message: { type: "string" },
  out: { type: "string", default: OUT_DEFAULT },
  "dry-run": { type: "boolean", default: false },
} as const;

/** What becomes of an imported case: a new file, or nothing, as a fixture of the checkout says the same. */
type Planned =
  | {
      readonly kind: "new";
      readonly path: string;
      readonly text: string;
      readonly from: string;
      readonly notes: readonly string[];
    }
  | { readonly kind: "present"; readonly path: string };

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments("import", args, OPTIONS);
  const file = oneFile("import", positionals);
  const out = outFolder(values.out);
  const { folder, repository } = await openCheckout(terminal);
  const checkout = await readCheckout(repository);
  if (checkout.kind === "unusable") return reportProblems(checkout.problems, terminal);

  const agent = agentOf(checkout, values.agent);
  const imported = importFixtures(await readNamedFile(file, terminal), {
    ...(await filesAround(file, folder, repository, terminal)),
    fileName: basename(file),
    agent,
    spans: checkout.config.agents[agent]?.spans ?? {},
    ...(values.message === undefined ? {} : { message: values.message }),
  });
  if (imported.kind === "unusable") return reportProblems(imported.problems.map(inFile(file)), terminal);

  const planned = planFiles(imported.value.fixtures, out, checkout);
  for (const one of planned) {
    if (one.kind === "new") await place(one, folder, values["dry-run"], terminal);
    else terminal.print(`kept  ${one.path} (it holds this case already)\n`);
  }
  if (imported.value.left.length > 0) {
    terminal.print(`left out of ${oneLine(file)}:\n${imported.value.left.map(indented).join("")}`);
  }
  terminal.print(ending(planned.filter(({ kind }) => kind === "new").length, out, values["dry-run"]));
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

function planFiles(
  imported: readonly ImportedFixture[],
  out: string,
  { fixtures }: Checkout,
): readonly Planned[] {
  const known = new Map(fixtures.files.map(({ fixture, path }) => [contentOf(fixture), path]));
  const pathOfId = new Map(fixtures.files.map(({ fixture, path }) => [fixture.id, path]));
  const taken = new Set([...pathOfId.keys(), ...imported.map(({ fixture }) => fixture.id)]);
  return imported.map(({ fixture, from, notes }): Planned => {
    const present = known.get(contentOf(fixture));
    if (present !== undefined) return { kind: "present", path: present };
    const other = pathOfId.get(fixture.id);
    const id = other === undefined ? fixture.id : idFromText(fixture.id, "imported", taken);
    taken.add(id);
    const renamed =
      other === undefined ? [] : [`the id ${fixture.id} is that of ${other}, so this one is ${id}`];
    const text = writeFixture({ ...fixture, id }, schemaSeenFrom(out));
    return { kind: "new", path: `${out}/${id}.yml`, text, from, notes: [...notes, ...renamed] };
  });
}

/** What a fixture says, whatever it is called. */
function contentOf(fixture: WrittenFixture): string {
  const { id: _, ...content } = fixtureSchema.parse(fixture);
  const plain: JsonValue = JSON.parse(JSON.stringify(content));
  return canonicalJson(plain);
}

function schemaSeenFrom(out: string): string {
  return SCHEMA_FROM_INCIDENT.replace(/^(\.\.\/)+/, "../".repeat(out.split("/").length - 1));
}

async function place(
  { path, text, from, notes }: Extract<Planned, { kind: "new" }>,
  folder: string,
  isDryRun: boolean,
  terminal: Terminal,
): Promise<void> {
  if (isDryRun) terminal.print(`# ${path}\n${text}\n`);
  else if (!(await writeNew(folder, path, text))) {
    throw new UsageError(`${path} exists already, and is never overwritten`);
  }
  const lines = notes.map(indented);
  terminal.print(`${isDryRun ? "would write" : "wrote"} ${path} (from ${from})\n${lines.join("")}`);
}

function indented(note: string): string {
  return `      ${oneLine(note)}\n`;
}

function ending(count: number, out: string, isDryRun: boolean): string {
  if (isDryRun) return `${plural(count, "fixture")}, nothing written\n`;
  if (count === 0) return "nothing new\n";
  return `${plural(count, "fixture")} imported. Look over what was noted, then run: incident-to-eval run --filter ${out}\n`;
}

/** Turns test cases of other tools into fixtures. */
export const importCommand: Command = { help: HELP, options: OPTIONS, run };
