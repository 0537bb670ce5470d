import { type Parsed, type Problem, parsed, unusable } from "../problem.ts";
import { schemaProblems } from "../schema-problems.ts";
import { withoutPlaces } from "../without-places.ts";
import { readYamlDocument } from "../yaml-document.ts";
import { type AgentConfig, type Config, configSchema, isDeclared, TARGETS } from "./config.ts";
import { configProblems } from "./config-rules.ts";

const TARGET_PLACE = /^agents(\.[^.]+|\["[^"]*"\])\.target$/;
const GOT_LENGTH_MAX = 80;

/** Reads a configuration, or names everything that is wrong with it, each with its place and line. */
export function parseConfig(text: string): Parsed<Config> {
  const document = readYamlDocument(text);
  if (document.kind === "unusable") return document;
  const { value, lines } = document.value;
  const withLine = (problem: Problem): Problem => {
    const line = lines.get(problem.at);
    const got = problem.got.slice(0, GOT_LENGTH_MAX);
    return line === undefined ? { ...problem, got } : { ...problem, got, line };
  };

  const shaped = configSchema.safeParse(value);
  if (shaped.success) {
    const problems = configProblems(shaped.data).map(withLine);
    return problems.length === 0 ? parsed(shaped.data) : unusable(problems);
  }
  const problems = schemaProblems(shaped.error.issues, { schema: configSchema, value, lines });
  // What is left without the misshapen places can often still be checked, so that one look names every mistake.
  const rest = configSchema.safeParse(withoutPlaces(value, shaped.error.issues));
  const further = rest.success ? configProblems(rest.data).map(withLine) : [];
  return unusable([...problems.map(inWordsOfTarget), ...further]);
}

/**
 * Joins the two halves of a configuration: how to judge from the default branch, what is judged from the commit.
 * An agent that the default branch does not know brings its own `changes`; one that the commit lacks is gone.
 */
export function combineConfigs(judging: Config, judged: Config): Config {
  const agents = Object.entries(judged.agents).map(
    ([name, agent]) => [name, judgedBy(ownAgent(judging, name), agent)] as const,
  );
  return { ...judging, agents: Object.fromEntries(agents) };
}

function inWordsOfTarget(problem: Problem): Problem {
  if (!TARGET_PLACE.test(problem.at)) return problem;
  return { ...problem, expected: TARGETS.join(" | ") };
}

function judgedBy(judging: AgentConfig | undefined, judged: AgentConfig): AgentConfig {
  if (judging === undefined) return judged;
  const { changes } = judging;
  // Which provider a model is asked of belongs to the model; whether we replay the agent or somebody else runs it does not.
  if (isDeclared(judging) && isDeclared(judged)) return { ...judged, changes };
  const { tools, spans, max_turns } = judged;
  // Of an entry of another kind only what every kind has can be taken over.
  if (isDeclared(judging) || isDeclared(judged)) return { ...judging, spans, max_turns };
  const { tools: _, ...rest } = judging;
  return { ...rest, ...(tools === undefined ? {} : { tools }), spans, max_turns, delivers: judged.delivers };
}

function ownAgent(config: Config, name: string): AgentConfig | undefined {
  return Object.hasOwn(config.agents, name) ? config.agents[name] : undefined;
}
