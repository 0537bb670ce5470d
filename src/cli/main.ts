#!/usr/bin/env node
import { readFileSync } from "node:fs";
import process from "node:process";
import { ExternalFailure } from "../ports/external-failure.ts";
import { type Command, EXIT, type ExitCode, type Terminal, UsageError } from "./command.ts";
import { draftCommand } from "./draft.ts";
import { importCommand } from "./import.ts";
import { initCommand } from "./init.ts";
import { runCommand } from "./run.ts";
import { validateCommand } from "./validate.ts";

/** Every command. To add one: write its file, add its line. */
const COMMANDS: readonly Command[] = [initCommand, validateCommand, runCommand, draftCommand, importCommand];

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

function overview(): string {
  const list = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join("\n");
  return `incident-to-eval ${version}: every production failure of an LLM agent becomes a regression eval.

Usage: incident-to-eval <command> [options]

${list}

Run \`incident-to-eval <command> --help\` for its options.
Exit codes: 0 held, 1 blocking failure, 2 usage or configuration, 3 could not evaluate.
`;
}

async function main(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    terminal.print(overview());
    return name === undefined ? EXIT.misused : EXIT.held;
  }
  if (name === "--version" || name === "-v") {
    terminal.print(`${version}\n`);
    return EXIT.held;
  }
  const command = COMMANDS.find((known) => known.name === name);
  if (command === undefined) {
    const names = COMMANDS.map((known) => known.name).join(", ");
    throw new UsageError(`unknown command ${name.slice(0, 40)}; there are: ${names}`);
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    terminal.print(command.help);
    return EXIT.held;
  }
  return await command.run(rest, terminal);
}

const terminal: Terminal = {
  folder: process.cwd(),
  environment: process.env,
  print: (text) => void process.stdout.write(text),
  say: (text) => void process.stderr.write(text),
  isInteractive: process.stderr.isTTY === true && process.env["NO_COLOR"] === undefined,
};

try {
  process.exitCode = await main(process.argv.slice(2), terminal);
} catch (error) {
  if (error instanceof UsageError) process.exitCode = EXIT.misused;
  else if (error instanceof ExternalFailure) process.exitCode = EXIT.undecided;
  else throw error;
  terminal.say(`incident-to-eval: ${error.message}\n`);
}
