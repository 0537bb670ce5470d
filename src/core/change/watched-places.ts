import { type AgentConfig, type DeclarativeConfig, isDeclared } from "../config/config.ts";
import { compileGlob, compileGlobs, type PathTest } from "../text/glob.ts";
import { CHANGE_TYPES, type ChangeType } from "./change-type.ts";

const POLICY_FOLDER = /(^|\/)(policies|policy)\//;

/** What stands in the system prompt is wording, which may have front matter before it. */
const PROMPT_TYPES: readonly ChangeType[] = ["prompt", "policy"];

/** Files whose change means something, and what. */
export type WatchedPlace =
  | { readonly kind: "files"; readonly matches: PathTest; readonly typeOf: (path: string) => ChangeType }
  /** Files whose front matter is looked at by itself; the type is that of their wording. */
  | { readonly kind: "prompts"; readonly matches: PathTest; readonly typeOf: (path: string) => ChangeType }
  | {
      readonly kind: "keys";
      readonly file: string;
      readonly keys: readonly string[];
      readonly type: ChangeType;
    };

/** Lists the places of one agent whose change counts: the files that its entry names, and its `changes`. */
export function watchedPlaces(agent: AgentConfig): readonly WatchedPlace[] {
  const tools = agent.tools === undefined ? [] : [filesPlace((path) => path === agent.tools, "tools")];
  return [...(isDeclared(agent) ? namedPlaces(agent) : []), ...tools, ...listedPlaces(agent)];
}

/** Files that an agent's entry names always count, listed under `changes` or not. */
function namedPlaces(agent: DeclarativeConfig): readonly WatchedPlace[] {
  const isPolicy = policyTest(agent);
  const places: WatchedPlace[] = [
    {
      kind: "prompts",
      matches: compileGlobs(agent.system),
      typeOf: (path) => (isPolicy(path) ? "policy" : "prompt"),
    },
    filesPlace(compileGlobs(agent.memory), "memory"),
    filesPlace(compileGlobs(agent.retrieval?.documents ?? []), "retrieval"),
  ];
  const { model } = agent;
  if (typeof model !== "string") {
    const keys = model.parameters === undefined ? [model.key] : [model.key, model.parameters];
    places.push({ kind: "keys", file: model.file, keys, type: "model" });
  }
  return places;
}

/** Policies are part of the system prompt, so their place tells them from its wording. */
function policyTest(agent: AgentConfig): PathTest {
  const listed = compileGlobs(agent.changes.policy.filter((watched) => typeof watched === "string"));
  return (path) => listed(path) || POLICY_FOLDER.test(path);
}

function listedPlaces(agent: AgentConfig): readonly WatchedPlace[] {
  return CHANGE_TYPES.flatMap((type) =>
    agent.changes[type].map(
      (watched): WatchedPlace =>
        typeof watched === "string"
          ? filesPlace(compileGlob(watched), type)
          : { kind: "keys", file: watched.file, keys: watched.keys, type },
    ),
  );
}

function filesPlace(matches: PathTest, type: ChangeType): WatchedPlace {
  const kind = PROMPT_TYPES.includes(type) ? "prompts" : "files";
  return { kind, matches, typeOf: () => type };
}
