import { readTools } from "../agent/read-tools.ts";
import type { CandidateFiles } from "./candidate-files.ts";
import { findModel, type GuessedModel } from "./guess-model.ts";

const AGENTS_MAX = 10;
const SYSTEM_MAX = 20;
const PROMPT_FOLDER = /^(.*?)(?:^|\/)(?:system[-_])?prompts?\/(?:([^/]+)\/)?[^/]+/i;
/** Names of folders that say nothing of the agent inside. */
const NO_NAME = /^(agents?|src|apps?|lib|llm|ai|bots?|backend|server|api|packages|services|main|)$/i;

/** An agent as the files of a repository suggest it. */
export interface GuessedAgent {
  readonly name: string;
  readonly system: readonly string[];
  readonly memory: readonly string[];
  /** Folders of documents. */
  readonly documents: readonly string[];
  readonly tools: string | undefined;
  readonly model: GuessedModel | undefined;
}

/** Guesses the agents of a repository: prompts that lie together, with the tools and the model that lie nearest. */
export function guessAgents(
  candidates: CandidateFiles,
  texts: ReadonlyMap<string, string>,
): readonly GuessedAgent[] {
  const groups = [...Map.groupBy(candidates.prompts, homeOf)].slice(0, AGENTS_MAX);
  const roots = groups.map(([home]) => rootOf(home));
  const tools = candidates.data.filter((path) => holdsTools(path, texts.get(path)));
  const models = [...candidates.prompts, ...candidates.data, ...candidates.sources].flatMap(
    (path) => findModel(path, texts.get(path) ?? "") ?? [],
  );
  const names = new Set<string>();
  return groups.map(([home, prompts]): GuessedAgent => {
    const root = rootOf(home);
    const mine = (paths: readonly string[]): readonly string[] =>
      paths.filter((path) => nearestRoot(path, roots) === root);
    const near = nearest(tools, root);
    return {
      name: freeName(nameOf(home), names),
      system: [...systemFirst(prompts), ...mine(candidates.policies)].slice(0, SYSTEM_MAX),
      memory: mine(candidates.memory),
      documents: candidates.documents.filter((folder) => isWithin(folder, root) || !folder.includes("/")),
      tools: near,
      model: nearestModel(models, prompts, root),
    };
  });
}

/** Where an agent's prompts lie: the folder above `prompts`, with the folder inside it where there is one. */
function homeOf(path: string): string {
  const found = PROMPT_FOLDER.exec(path);
  if (found !== null) return `${found[1] ?? ""}|${found[2] ?? ""}`;
  return `${path.slice(0, Math.max(0, path.lastIndexOf("/")))}|`;
}

function rootOf(home: string): string {
  return home.slice(0, home.indexOf("|"));
}

function nameOf(home: string): string {
  const [root = "", inside = ""] = home.split("|");
  const words = [inside, ...root.split("/").reverse()];
  return (
    words
      .find((word) => !NO_NAME.test(word))
      ?.replaceAll(/[^A-Za-z0-9_-]/g, "-")
      .slice(0, 40) ?? "agent"
  );
}

function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}`;
  taken.add(free);
  return free;
}

function systemFirst(prompts: readonly string[]): readonly string[] {
  const isSystem = (path: string): boolean => /(^|\/)[^/]*system[^/]*$/i.test(path);
  return [...prompts.filter(isSystem), ...prompts.filter((path) => !isSystem(path))];
}

function holdsTools(path: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  const read = readTools(path, text);
  return read.kind === "parsed" && read.value.length > 0;
}

function isWithin(path: string, root: string): boolean {
  return root === "" || path === root || path.startsWith(`${root}/`);
}

/** The innermost root that a path lies in. */
function nearestRoot(path: string, roots: readonly string[]): string | undefined {
  return roots.filter((root) => isWithin(path, root)).toSorted((one, other) => other.length - one.length)[0];
}

/** A file of the agent's own folder, else one that lies above it; never one of another agent. */
function nearest(paths: readonly string[], root: string): string | undefined {
  const folder = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const above = paths.filter((path) => isWithin(root, folder(path)));
  return (
    paths.find((path) => isWithin(path, root) && root !== "") ??
    above.toSorted((one, other) => folder(other).length - folder(one).length)[0] ??
    (root === "" ? paths[0] : undefined)
  );
}

/** What stands in a file of data can be followed from commit to commit, so it goes before a source. */
function nearestModel(
  models: readonly GuessedModel[],
  prompts: readonly string[],
  root: string,
): GuessedModel | undefined {
  const own = models.find(({ path }) => prompts.includes(path));
  if (own !== undefined) return own;
  const others = models.filter(({ path }) => !path.endsWith(".md"));
  for (const isData of [true, false]) {
    const kind = others.filter(({ keys }) => (keys !== undefined) === isData);
    const path = nearest(
      kind.map((model) => model.path),
      root,
    );
    const found = kind.find((model) => model.path === path);
    if (found !== undefined) return found;
  }
  return others.find(({ keys }) => keys === undefined);
}
