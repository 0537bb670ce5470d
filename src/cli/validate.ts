import { createCheckoutRepository, WORKING_TREE } from "../adapters/checkout/checkout-repository.ts";
import { type Problem, problemText } from "../core/problem.ts";
import { type Command, EXIT, type ExitCode, type Terminal } from "./command.ts";
import { readArguments } from "./read-arguments.ts";
import { problemsOf, readCheckout } from "./read-checkout.ts";

const HELP = `Reads the configuration, the agents and every fixture of this checkout and says all that is wrong.

Usage: incident-to-eval validate
`;

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  readArguments("validate", args, {});
  const checkout = await readCheckout(createCheckoutRepository(terminal.folder), WORKING_TREE);
  if (checkout.kind === "unusable") return report(checkout.problems, terminal);
  const problems = problemsOf(checkout);
  if (problems.length > 0) return report(problems, terminal);
  const agents = checkout.catalog.agents.size;
  const fixtures = checkout.fixtures.files.length;
  terminal.print(`valid: ${agents} ${agents === 1 ? "agent" : "agents"}, ${fixtures} ${fixtures === 1 ? "fixture" : "fixtures"}\n`);
  return EXIT.held;
}

function report(problems: readonly Problem[], terminal: Terminal): ExitCode {
  terminal.print(`${problems.map(problemText).join("\n")}\n`);
  terminal.say(`${problems.length} ${problems.length === 1 ? "problem" : "problems"}\n`);
  return EXIT.misused;
}

/** Checks a checkout without running anything. */
export const validateCommand: Command = {
  name: "validate",
  summary: "check the configuration, the agents and the fixtures",
  help: HELP,
  run,
};
