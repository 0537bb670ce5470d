import { plural } from "../core/report/amounts.ts";
import { type Command, EXIT, type ExitCode, type Terminal } from "./command.ts";
import { openCheckout } from "./open-checkout.ts";
import { reportProblems } from "./problems.ts";
import { noFiles, readArguments } from "./read-arguments.ts";
import { problemsOf, readCheckout } from "./read-checkout.ts";

const HELP = `Reads the configuration, the agents and every fixture of this checkout and says all that is wrong.

Usage: incident-to-eval validate

Exit codes: 0 all can be used, 2 something has to be mended.
`;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  noFiles("validate", readArguments("validate", args, {}).positionals);
  const { repository } = await openCheckout(terminal);
  const checkout = await readCheckout(repository);
  const problems = checkout.kind === "unusable" ? checkout.problems : problemsOf(checkout);
  if (checkout.kind === "unusable" || problems.length > 0) return reportProblems(problems, terminal);
  const { catalog, fixtures } = checkout;
  terminal.print(
    `valid: ${plural(catalog.agents.size, "agent")}, ${plural(fixtures.files.length, "fixture")}\n`,
  );
  return EXIT.held;
}

/** Checks a checkout without running anything. */
export const validateCommand: Command = { help: HELP, run };
