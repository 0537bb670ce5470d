import { CONFIG_PATH, type Config } from "../config/config.ts";
import { parseConfig } from "../config/parse-config.ts";
import { problemText } from "../problem.ts";
import type { GuessedAgent } from "./guess-agents.ts";

const MODEL_DEFAULT = "claude-sonnet-5-5";
const OWNER_LINE = /^\*\s+(@[A-Za-z0-9-]{1,39}(?:\/[A-Za-z0-9_.-]{1,100})?)(?:\s|$)/;

/** A configuration that was guessed, as a person reads it and as we read it. */
export interface GuessedConfig {
  readonly text: string;
  readonly config: Config;
}

/** Names who owns everything by a CODEOWNERS file; the last rule of its kind counts, as on GitHub. */
export function ownerOf(codeOwners: string | undefined): string | undefined {
  return (codeOwners ?? "")
    .split("\n")
    .flatMap((line) => OWNER_LINE.exec(line)?.[1] ?? [])
    .at(-1);
}

/** Writes a configuration for these agents, in which every guess says so. */
export function writeGuess(agents: readonly GuessedAgent[], owner: string | undefined): GuessedConfig {
  const text = [
    "# How incident-to-eval judges pull requests in this repository.",
    "# It was guessed from the files here: look at each line that says `guess`.",
    "version: 1",
    owner === undefined
      ? '# owner: "@your-org/your-team" # not found: the one accountable team for the loop'
      : `owner: ${JSON.stringify(owner)} # guess: CODEOWNERS gives everything to it`,
    "incidents:",
    "  label: incident",
    "agents:",
    ...agents.flatMap(agentLines),
    "gate:",
    "  trials: { pull_request: 5, reproduce: 10 }",
    '  max_cost_usd: 5 # a run; blocking fixtures first, the rest is "not run", never "passed"',
    "",
  ].join("\n");
  const read = parseConfig(text);
  if (read.kind === "parsed") return { text, config: read.value };
  throw new Error(`a guessed ${CONFIG_PATH} cannot be read: ${read.problems.map(problemText).join("; ")}`);
}

function agentLines({ name, system, memory, documents, tools, model }: GuessedAgent): readonly string[] {
  return [
    `  ${JSON.stringify(name)}: # guess: its name`,
    `    target: ${model?.provider ?? "anthropic"} # guess: who answers for the model`,
    ...modelLines(model),
    "    system: # guess: joined in this order",
    ...system.map((path) => `      - ${JSON.stringify(path)}`),
    ...(tools === undefined ? [] : [`    tools: ${JSON.stringify(tools)} # guess`]),
    ...listLines("memory", memory),
    ...(documents.length === 0
      ? []
      : [`    changes: { retrieval: ${JSON.stringify(documents.map((folder) => `${folder}/**`))} } # guess`]),
  ];
}

function modelLines(model: GuessedAgent["model"]): readonly string[] {
  if (model?.keys === undefined) {
    const why =
      model === undefined ? "NOT FOUND: put the model of this agent here" : `guess: named in ${model.path}`;
    const parameters =
      (model?.provider ?? "anthropic") === "anthropic" ? ["    parameters: { max_tokens: 2048 }"] : [];
    return [`    model: ${JSON.stringify(model?.name ?? MODEL_DEFAULT)} # ${why}`, ...parameters];
  }
  const { path, keys } = model;
  const parameters = keys.parameters === undefined ? "" : `, parameters: ${JSON.stringify(keys.parameters)}`;
  return [
    `    model: { file: ${JSON.stringify(path)}, key: ${JSON.stringify(keys.model)}${parameters} } # guess`,
  ];
}

function listLines(key: string, paths: readonly string[]): readonly string[] {
  return paths.length === 0
    ? []
    : [`    ${key}: # guess`, ...paths.map((path) => `      - ${JSON.stringify(path)}`)];
}
