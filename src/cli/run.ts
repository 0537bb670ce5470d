import type { Command, ExitCode, Terminal } from "./command.ts";
import { RUN_HELP, RUN_OPTIONS, readRunOptions } from "./run-options.ts";

/** What runs is loaded when something is to run, so that help and misuse are told at once, and while git looks for the checkout. */
async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const options = readRunOptions(args);
  const { openCheckout } = await import("./open-checkout.ts");
  const opening = openCheckout(terminal);
  if (options.watch) {
    const [checkout, { watchRun }] = await Promise.all([opening, import("./watch-run.ts")]);
    return await watchRun(checkout, options, terminal);
  }
  const [checkout, { runOnce }] = await Promise.all([opening, import("./run-once.ts")]);
  return (await runOnce(checkout, options, terminal)).code;
}

/** Runs fixtures on the agent and says what holds. */
export const runCommand: Command = { help: RUN_HELP, options: RUN_OPTIONS, run };
