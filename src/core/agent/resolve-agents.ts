import { type AgentConfig, type Config, type DeclarativeConfig, isDeclared } from "../config/config.ts";
import type { Document } from "../fixture/fixture.ts";
import { type Parsed, type Problem, parsed, unusable } from "../problem.ts";
import type { Snapshot } from "../suite/snapshot.ts";
import { readFrontMatter } from "../text/front-matter.ts";
import type { Agent, AgentCatalog, DeclarativeAgent, OutsideAgent, ToolDefinition } from "./agent.ts";
import { findAgentFiles } from "./agent-files.ts";
import { readModel } from "./read-model.ts";
import { readTools } from "./read-tools.ts";

const MEMORY_HEADING = "# Memory";

/** Builds every agent of a configuration from the files of a commit; one that cannot be built says all reasons. */
export function resolveAgents(config: Config, snapshot: Snapshot): AgentCatalog {
  const agents = new Map<string, Agent>();
  const problems = new Map<string, readonly Problem[]>();
  for (const [name, agentConfig] of Object.entries(config.agents)) {
    const agent = resolveAgent(name, agentConfig, snapshot);
    if (agent.kind === "parsed") agents.set(name, agent.value);
    else problems.set(name, agent.problems);
  }
  return { agents, problems };
}

function resolveAgent(name: string, config: AgentConfig, snapshot: Snapshot): Parsed<Agent> {
  return isDeclared(config)
    ? resolveDeclarative(name, config, snapshot)
    : resolveOutside(name, config, snapshot);
}

/** Of an agent that runs elsewhere the commit holds at most the tools that it has. */
function resolveOutside(
  name: string,
  config: Exclude<AgentConfig, DeclarativeConfig>,
  snapshot: Snapshot,
): Parsed<OutsideAgent> {
  const files = findAgentFiles(config, snapshot.tree);
  const tools = readToolsOf(files.tools, (path) => contentOf(path, snapshot));
  if (files.problems.length > 0) return unusable(files.problems);
  if (tools.kind === "unusable") return tools;
  const common = {
    name,
    commit: snapshot.tree.commit,
    tools: tools.value,
    retrieval: undefined,
    handoffs: {},
    spans: config.spans,
    maxTurns: config.max_turns,
    delivers: config.delivers,
    timeoutMs: config.timeout_ms,
  };
  if (config.target === "command") {
    const { target, command, environment } = config;
    return parsed({ ...common, target, command, environment });
  }
  return parsed({ ...common, target: "http", endpoint: config.endpoint });
}

function resolveDeclarative(
  name: string,
  config: DeclarativeConfig,
  snapshot: Snapshot,
): Parsed<DeclarativeAgent> {
  const files = findAgentFiles(config, snapshot.tree);
  const textOf = (path: string): Parsed<string> => contentOf(path, snapshot);
  const model = readModelUnlessMissing(config, files.model, textOf);
  const tools = readToolsOf(files.tools, textOf);
  const system = readTexts(files.system, textOf);
  const memory = readTexts(files.memory, textOf);
  const documents = readTexts(files.documents, (path) => heldInGit(path, snapshot));
  const problems = [model, tools, system, memory, documents].flatMap((part) =>
    part.kind === "unusable" ? part.problems : [],
  );
  if (files.problems.length > 0 || problems.length > 0) return unusable([...files.problems, ...problems]);
  const { model: modelName, parameters } = usable(model);
  return parsed({
    name,
    target: config.target,
    model: modelName,
    parameters,
    system: systemPrompt([...usable(system).values()].map(wordingOf), [...usable(memory).values()]),
    tools: withImpliedTools(usable(tools), config),
    retrieval:
      config.retrieval === undefined
        ? undefined
        : { tool: config.retrieval.tool, documents: namedDocuments(usable(documents)) },
    handoffs: config.handoffs,
    spans: config.spans,
    maxTurns: config.max_turns,
  });
}

type TextOf = (path: string) => Parsed<string>;

function contentOf(path: string, snapshot: Snapshot): Parsed<string> {
  const held = heldInGit(path, snapshot);
  if (held.kind === "unusable" || !held.value.includes("\0")) return held;
  return unusable([{ at: path, expected: "a text in UTF-8", got: "another encoding, or no text" }]);
}

/** What a checkout turns into another text would be tried as nobody deploys it. */
function heldInGit(path: string, snapshot: Snapshot): Parsed<string> {
  const text = snapshot.files.get(path);
  if (text?.startsWith(LFS_POINTER) === true)
    return unusable([{ at: path, expected: "a file that git itself holds", got: "a pointer of Git LFS" }]);
  if (text !== undefined) return parsed(text);
  return unusable([{ at: path, expected: "a file that can be read at the commit", got: "no content" }]);
}

const LFS_POINTER = "version https://git-lfs.github.com/spec/v1";

/** What is missing from the commit was said already, and is not said twice. */
function readModelUnlessMissing(
  config: DeclarativeConfig,
  files: readonly string[],
  textOf: TextOf,
): ReturnType<typeof readModel> {
  if (typeof config.model !== "string" && files.length === 0) return unusable([]);
  return readModel(config, textOf);
}

function readToolsOf(files: readonly string[], textOf: TextOf): Parsed<readonly ToolDefinition[]> {
  const [path] = files;
  if (path === undefined) return parsed([]);
  const text = textOf(path);
  return text.kind === "unusable" ? text : readTools(path, text.value);
}

function readTexts(paths: readonly string[], textOf: TextOf): Parsed<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const problems: Problem[] = [];
  for (const path of paths) {
    const text = textOf(path);
    if (text.kind === "parsed") texts.set(path, text.value);
    else problems.push(...text.problems);
  }
  return problems.length === 0 ? parsed(texts) : unusable(problems);
}

function usable<T>(part: Parsed<T>): T {
  if (part.kind === "parsed") return part.value;
  throw new Error("a part with problems was used as if it had none");
}

/** What stands before a prompt as front matter is said about it, and no part of it. */
function wordingOf(text: string): string {
  return readFrontMatter(text).body;
}

function systemPrompt(system: readonly string[], memory: readonly string[]): string {
  const records = memory.length === 0 ? [] : [MEMORY_HEADING, ...memory];
  return [...system, ...records].map((text) => text.trim()).join("\n\n");
}

/** A source is called like its file; where two files share a name, all of them are called by their paths. */
function namedDocuments(texts: ReadonlyMap<string, string>): readonly Document[] {
  const sharing = Map.groupBy(texts.keys(), baseName);
  return [...texts].map(([path, content]) => {
    const name = baseName(path);
    return { source: sharing.get(name)?.length === 1 ? name : path, content };
  });
}

function baseName(path: string): string {
  const file = path.slice(path.lastIndexOf("/") + 1);
  const dot = file.lastIndexOf(".");
  return dot > 0 ? file.slice(0, dot) : file;
}

/** Handoffs and retrieval are tools to the model, also where the manifest leaves them out. */
function withImpliedTools(
  tools: readonly ToolDefinition[],
  config: DeclarativeConfig,
): readonly ToolDefinition[] {
  const declared = new Set(tools.map((tool) => tool.name));
  const implied = [
    ...Object.entries(config.handoffs).map(([tool, agent]) => handoffTool(tool, agent)),
    ...(config.retrieval === undefined ? [] : [retrievalTool(config.retrieval.tool)]),
  ];
  return [...tools, ...implied.filter((tool) => !declared.has(tool.name))];
}

function handoffTool(name: string, agent: string): ToolDefinition {
  return {
    name,
    description: `Hand this conversation over to the ${agent} agent.`,
    input_schema: { type: "object", properties: { reason: { type: "string" } } },
  };
}

function retrievalTool(name: string): ToolDefinition {
  return {
    name,
    description: "Search the documents.",
    input_schema: { type: "object", properties: { query: { type: "string" } }, required: ["query"] },
  };
}
