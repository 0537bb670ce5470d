import { plural } from "../core/report/amounts.ts";
import { type Command, EXIT, type ExitCode, type Terminal } from "./command.ts";
import { openCheckout } from "./open-checkout.ts";
import { placeProblems } from "./place-problems.ts";
import { reportProblems } from "./problems.ts";
import { noFiles, readArguments } from "./read-arguments.ts";
import { formProblems, problemsOf, readCheckout } from "./read-checkout.ts";

/** What the configuration says where it says nothing. */
const LABEL_DEFAULT = "incident";

const HELP = `Reads the configuration, the agents, every fixture and the incident forms of this checkout and says all
that is wrong, each with file, line, column, what is expected there and the nearest legal word.

Usage: incident-to-eval validate

Examples
  incident-to-eval validate               before a commit, or as a step of CI
  incident-to-eval validate && git push

Exit codes: 0 all can be used, 2 something has to be mended.
`;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  noFiles("validate", readArguments("validate", args, {}).positionals);
  const { repository } = await openCheckout(terminal);
  const checkout = await readCheckout(repository);
  const label = checkout.kind === "read" ? checkout.config.incidents.label : LABEL_DEFAULT;
  const problems = [
    ...(checkout.kind === "unusable" ? checkout.problems : problemsOf(checkout)),
    ...(await formProblems(repository, label)),
  ];
  if (checkout.kind === "unusable" || problems.length > 0) {
    return reportProblems(await placeProblems(problems, repository), terminal);
  }
  const { catalog, fixtures } = checkout;
  terminal.print(
    `valid: ${plural(catalog.agents.size, "agent")}, ${plural(fixtures.files.length, "fixture")}\n`,
  );
  return EXIT.held;
}

/** Checks a checkout without running anything. */
export const validateCommand: Command = { help: HELP, run };
