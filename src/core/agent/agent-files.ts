import { type AgentConfig, type DeclarativeConfig, isDeclared } from "../config/config.ts";
import type { Problem } from "../problem.ts";
import { isRegular, TEXT_BYTES_MAX } from "../suite/readable.ts";
import type { Tree, TreeEntry } from "../suite/snapshot.ts";
import { compileGlob, compileGlobFolders } from "../text/glob.ts";

const FILES_MAX = 2_000;
const BYTES_MAX = 10 * 1024 * 1024;
const GLOB_CHARACTERS = /[*?[\]{}\\]/;

/** The files of one agent at one commit by their role, each role in the order of the configuration. */
export interface AgentFiles {
  readonly system: readonly string[];
  readonly memory: readonly string[];
  readonly documents: readonly string[];
  readonly tools: readonly string[];
  readonly model: readonly string[];
  /** Why the agent cannot be read; places are relative to the agent, such as `system[0]`. */
  readonly problems: readonly Problem[];
}

/** An agent that runs elsewhere reads its own files. */
const NO_FILES: Pick<DeclarativeConfig, "model" | "system" | "memory" | "retrieval"> = {
  model: "",
  system: [],
  memory: [],
};

/** Lists the paths that must be read at a commit to know an agent; none where they pass the limits. */
export function agentPaths(config: AgentConfig, tree: Tree): readonly string[] {
  const { model, system, tools, memory, documents } = findAgentFiles(config, tree);
  const paths = [...new Set([...model, ...system, ...tools, ...memory, ...documents])];
  return limitProblems(paths, tree).length === 0 ? paths : [];
}

/** Finds the files of an agent in a commit, and says which are missing, are not ordinary files or are too many. */
export function findAgentFiles(config: AgentConfig, tree: Tree): AgentFiles {
  const named = isDeclared(config) ? config : NO_FILES;
  const system = findRole(named.system, "system", tree, "required");
  const memory = findRole(named.memory, "memory", tree, "optional");
  const documents = findRole(named.retrieval?.documents ?? [], "retrieval.documents", tree, "optional");
  const tools = findNamed(config.tools, "tools", tree);
  const model = findNamed(typeof named.model === "string" ? undefined : named.model.file, "model.file", tree);
  const roles = [model, system, tools, memory, documents];
  const paths = [...new Set(roles.flatMap((role) => role.paths))];
  return {
    system: system.paths,
    memory: memory.paths,
    documents: documents.paths,
    tools: tools.paths,
    model: model.paths,
    problems: [...roles.flatMap((role) => role.problems), ...limitProblems(paths, tree)],
  };
}

interface Found {
  readonly paths: readonly string[];
  readonly problems: readonly Problem[];
}

/** A required glob must find something; an optional one may find nothing, as folders of records start empty. */
function findRole(globs: readonly string[], at: string, tree: Tree, need: "required" | "optional"): Found {
  const found = globs.map((glob, index) => findGlob(glob, `${at}[${index}]`, tree, need));
  return {
    paths: [...new Set(found.flatMap((one) => one.paths))],
    problems: found.flatMap((one) => one.problems),
  };
}

function findGlob(glob: string, at: string, tree: Tree, need: "required" | "optional"): Found {
  if (!GLOB_CHARACTERS.test(glob) || tree.entries.has(glob)) return findNamed(glob, at, tree);
  const matches = compileGlob(glob);
  const mayHold = compileGlobFolders(glob);
  // What a link or a submodule stands for may hold files that are meant, and none of them can be read.
  const entries = [...tree.entries.values()].filter(
    (entry) => matches(entry.path) || (!isRegular(entry) && mayHold(entry.path)),
  );
  if (entries.length === 0 && need === "required") {
    return {
      paths: [],
      problems: [{ at, expected: "files in the commit", got: `${glob}, which finds none` }],
    };
  }
  const problems = entries.flatMap((entry) => entryProblems(entry, at)).slice(0, 1);
  const paths = entries.filter((entry) => entryProblems(entry, at).length === 0).map((entry) => entry.path);
  return { paths: paths.sort(), problems };
}

function findNamed(path: string | undefined, at: string, tree: Tree): Found {
  if (path === undefined) return { paths: [], problems: [] };
  const entry = tree.entries.get(path);
  if (entry === undefined) return { paths: [], problems: [missing(path, at, tree)] };
  const problems = entryProblems(entry, at);
  return { paths: problems.length === 0 ? [path] : [], problems };
}

function missing(path: string, at: string, tree: Tree): Problem {
  for (const other of tree.entries.keys()) {
    if (other.startsWith(`${path}/`)) {
      return {
        at,
        expected: `a file, or ${path}/** for all in that folder`,
        got: `${path}, which is a folder`,
      };
    }
  }
  return { at, expected: "a file in the commit", got: `${path}, which is not there` };
}

function entryProblems(entry: TreeEntry, at: string): readonly Problem[] {
  if (!isRegular(entry)) {
    const kind = entry.mode === "160000" ? "a submodule" : "a link";
    return [{ at, expected: "an ordinary file", got: `${entry.path}, which is ${kind}` }];
  }
  if (entry.size <= TEXT_BYTES_MAX) return [];
  const got = `${entry.path} with ${entry.size} bytes`;
  return [{ at, expected: `a file of at most ${TEXT_BYTES_MAX} bytes`, got }];
}

function limitProblems(paths: readonly string[], tree: Tree): readonly Problem[] {
  const bytes = paths.reduce((sum, path) => sum + (tree.entries.get(path)?.size ?? 0), 0);
  const problems: Problem[] = [];
  if (paths.length > FILES_MAX) {
    problems.push({
      at: "files",
      expected: `an agent of at most ${FILES_MAX} files`,
      got: `${paths.length}`,
    });
  }
  if (bytes > BYTES_MAX) {
    problems.push({ at: "files", expected: `an agent of at most ${BYTES_MAX} bytes`, got: `${bytes} bytes` });
  }
  return problems;
}
