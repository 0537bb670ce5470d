import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CONFIG_PATH } from "../core/config/config.ts";
import { parseConfig } from "../core/config/parse-config.ts";
import { problemText } from "../core/problem.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { readArguments } from "./read-arguments.ts";

const TEMPLATES = new URL("../../evals/templates/", import.meta.url);
const FORM_FOLDER = ".github/ISSUE_TEMPLATE";

const HELP = `Writes the configuration and the incident forms; files that exist are left alone.

Usage: incident-to-eval init [options]

  --agent NAME     name of the agent               (default: agent)
  --model MODEL    model that it runs on           (default: claude-sonnet-5-5)
  --system PATH    its system prompt               (default: agent/prompts/system.md)
  --tools PATH     its tool manifest, a JSON array (default: agent/tools.json)
`;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values } = readArguments("init", args, {
    agent: { type: "string", default: "agent" },
    model: { type: "string", default: "claude-sonnet-5-5" },
    system: { type: "string", default: "agent/prompts/system.md" },
    tools: { type: "string", default: "agent/tools.json" },
  });
  const config = (await template("incident-to-eval.yml"))
    .replace("AGENT:", `${values.agent}:`)
    .replace("MODEL", JSON.stringify(values.model))
    .replace("[SYSTEM]", `[${JSON.stringify(values.system)}]`)
    .replace("TOOLS", JSON.stringify(values.tools));
  const readBack = parseConfig(config);
  if (readBack.kind === "unusable") throw new UsageError(readBack.problems.map(problemText).join("\n"));

  await writeNew(CONFIG_PATH, config, terminal);
  for (const form of ["llm-incident.yml", "llm-incident-short.yml"]) {
    await writeNew(`${FORM_FOLDER}/${form}`, await template(form), terminal);
  }
  terminal.print(`
Next:
  1. Put your team and your files into ${CONFIG_PATH}, then run: incident-to-eval validate
  2. Commit to the default branch, and create the label \`incident\`.
  3. Describe a failure with the form, or from a file: incident-to-eval draft incident.md
`);
  return EXIT.held;
}

async function template(name: string): Promise<string> {
  return await readFile(new URL(name, TEMPLATES), "utf8");
}

async function writeNew(path: string, text: string, terminal: Terminal): Promise<void> {
  const file = join(terminal.folder, path);
  await mkdir(dirname(file), { recursive: true });
  const written = await writeFile(file, text, { flag: "wx" }).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "EEXIST") return false;
      throw error;
    },
  );
  terminal.print(written ? `wrote ${path}\n` : `kept  ${path} (it was there already)\n`);
}

/** Prepares a repository for the loop. */
export const initCommand: Command = {
  name: "init",
  summary: "write the configuration and the incident forms",
  help: HELP,
  run,
};
