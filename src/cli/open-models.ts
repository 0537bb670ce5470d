import type { CommandAgentOptions } from "../adapters/agent/command-agent.ts";
import { WORKING_TREE } from "../adapters/checkout/checkout-repository.ts";
import { readModelEnvironment } from "../app/env.ts";
import type { Models } from "../app/jobs/deps.ts";
import { KEY_VARIABLES, modelsOf } from "../app/models.ts";
import type { CommandAgent } from "../core/agent/agent.ts";
import type { Provider } from "../core/agent/named-model.ts";
import type { RunOutside } from "../core/agent/outside.ts";
import { problemText } from "../core/problem.ts";
import { type Terminal, UsageError } from "./command.ts";

/** The models and agents that this environment can ask; commands run in the top folder of the checkout. */
export function openModels(
  { environment }: Pick<Terminal, "environment">,
  folder: string,
): Models | undefined {
  const read = readModelEnvironment(environment);
  if (read.kind === "unusable") {
    throw new UsageError(
      `the environment needs a change:\n${read.problems.map((problem) => `  ${problemText(problem)}`).join("\n")}`,
    );
  }
  const { concurrency } = read.value.models;
  let opened: Promise<RunOutside<CommandAgent>> | undefined;
  const run: RunOutside<CommandAgent> = async (agent, fixture, signal) => {
    opened ??= openCommandAgents({ folder, environment, concurrency });
    return await (await opened)(agent, fixture, signal);
  };
  return modelsOf(read.value, undefined, { run, commit: WORKING_TREE });
}

/** What runs commands is loaded when the first of them is to run. */
async function openCommandAgents(options: CommandAgentOptions): Promise<RunOutside<CommandAgent>> {
  return (await import("../adapters/agent/command-agent.ts")).createCommandAgents(options);
}

/** Begins to load the clients of those providers that have a key, which takes a tenth of a second, while others wait for git. */
export function beginLoadingModels({ environment }: Pick<Terminal, "environment">): void {
  const loading = [
    ...(environment[KEY_VARIABLES.anthropic] ? [import("../adapters/anthropic/chat-model.ts")] : []),
    ...(environment[KEY_VARIABLES.openai] ? [import("../adapters/openai/chat-model.ts")] : []),
  ];
  // Whoever asks a model is told what is wrong with its client.
  for (const one of loading) one.catch(() => undefined);
}

/** Says which keys are missing, so that nothing can be run. */
export function missingKeyText(providers: readonly Provider[]): string {
  const names = providers.map((provider) => KEY_VARIABLES[provider]);
  const bases = names.map((name) => name.replace("_API_KEY", "_BASE_URL"));
  const [verb, what] = names.length === 1 ? ["is", "it"] : ["are", "them"];
  return `the suite cannot run, since ${names.join(" and ")} ${verb} not set; set ${what} (and ${bases.join(", ")} for a gateway of your own) and run again`;
}
