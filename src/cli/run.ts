import type { Command, ExitCode, Terminal } from "./command.ts";
import { openCheckout } from "./open-checkout.ts";
import { prepareReports } from "./report-files.ts";
import { runOnce } from "./run-once.ts";
import { RUN_HELP, RUN_OPTIONS, readRunOptions } from "./run-options.ts";

async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const options = readRunOptions(args);
  const checkout = await openCheckout(terminal);
  if (options.watch) {
    await prepareReports(options, terminal);
    const { watchRun } = await import("./watch-run.ts");
    return await watchRun(checkout, options, terminal);
  }
  return (await runOnce(checkout, options, terminal)).code;
}

/** Runs fixtures on the agent and says what holds. */
export const runCommand: Command = { help: RUN_HELP, options: RUN_OPTIONS, run };
