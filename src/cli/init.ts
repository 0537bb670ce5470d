import { readFile } from "node:fs/promises";
import { findCheckout } from "../adapters/checkout/checkout-repository.ts";
import { CONFIG_PATH } from "../core/config/config.ts";
import { parseConfig } from "../core/config/parse-config.ts";
import { problemText } from "../core/problem.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { noFiles, readArguments } from "./read-arguments.ts";
import { writeNew } from "./write-file.ts";

/** Beside `src` in the repository, and beside `dist` in the package. */
const SHIPPED = new URL("../../evals/", import.meta.url);

/** Files that are copied as they stand: what they are in the package, what they become in a checkout. */
const COPIES = [
  { from: "templates/llm-incident.yml", to: ".github/ISSUE_TEMPLATE/llm-incident.yml" },
  { from: "templates/llm-incident-short.yml", to: ".github/ISSUE_TEMPLATE/llm-incident-short.yml" },
  { from: "schema/config.schema.json", to: "evals/schema/config.schema.json" },
  { from: "schema/fixture.schema.json", to: "evals/schema/fixture.schema.json" },
];

const HELP = `Writes the configuration, the incident forms and the schemas for editors; files that exist are left alone.

Usage: incident-to-eval init [options]

  --agent NAME     name of the agent               (default: agent)
  --model MODEL    model that it runs on           (default: claude-sonnet-5-5)
  --system PATH    its system prompt               (default: agent/prompts/system.md)
  --tools PATH     its tool manifest, a JSON array (default: agent/tools.json)

Examples
  incident-to-eval init
  incident-to-eval init --agent refund --system prompts/refund.md --tools prompts/tools.json

Exit codes: 0 written, or there already; 2 usage, or a file cannot be written.
`;

const OPTIONS = {
  agent: { type: "string", default: "agent" },
  model: { type: "string", default: "claude-sonnet-5-5" },
  system: { type: "string", default: "agent/prompts/system.md" },
  tools: { type: "string", default: "agent/tools.json" },
} as const;

const NEXT = `
Next:
  1. Put your team and your files into ${CONFIG_PATH}, then run: incident-to-eval validate
  2. Commit to the default branch, and create the label \`incident\`.
  3. Describe a failure with the form, or from a file: incident-to-eval draft incident.md
`;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments("init", args, OPTIONS);
  noFiles("init", positionals);
  const config = (await readShipped("templates/incident-to-eval.yml"))
    .replace("AGENT:", () => `${values.agent}:`)
    .replace("MODEL", () => JSON.stringify(values.model))
    .replace("[SYSTEM]", () => JSON.stringify([values.system]))
    .replace("TOOLS", () => JSON.stringify(values.tools));
  const readBack = parseConfig(config);
  if (readBack.kind === "unusable") throw new UsageError(readBack.problems.map(problemText).join("\n"));

  const folder = (await findCheckout(terminal.folder)) ?? terminal.folder;
  const copies = await Promise.all(
    COPIES.map(async ({ from, to }) => ({ path: to, text: await readShipped(from) })),
  );
  for (const { path, text } of [{ path: CONFIG_PATH, text: config }, ...copies]) {
    const isNew = await writeNew(folder, path, text);
    terminal.print(isNew ? `wrote ${path}\n` : `kept  ${path} (it was there already)\n`);
  }
  terminal.print(NEXT);
  return EXIT.held;
}

async function readShipped(path: string): Promise<string> {
  return await readFile(new URL(path, SHIPPED), "utf8");
}

/** Prepares a repository for the loop. */
export const initCommand: Command = { help: HELP, options: OPTIONS, run };
