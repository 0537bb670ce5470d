import { type AgentConfig, CONFIG_PATH, type Config } from "../config/config.ts";
import { canonicalJson, type JsonValue, jsonObject } from "../json.ts";
import { stepInto } from "../path-text.ts";
import type { Snapshot } from "../suite/snapshot.ts";
import type { Change, ChangedFile } from "./change-type.ts";
import { compareKeys } from "./key-level.ts";
import { promptDifferences } from "./prompt-changes.ts";
import { type WatchedPlace, watchedPlaces } from "./watched-places.ts";

/** Prompts that are compared by content; beyond, each counts as changed in wording and model. */
const PROMPTS_READ_MAX = 500;

/** The configuration that holds at a commit, and the commit. */
interface ComparedSide {
  readonly config: Config;
  readonly snapshot: Snapshot;
}

/** Two commits and the files that differ between them. */
export interface Comparison {
  readonly base: ComparedSide;
  readonly head: ComparedSide;
  readonly files: readonly ChangedFile[];
}

/** Says in which ways each agent changes between two commits, from the difference alone. */
export function classifyChanges(comparison: Comparison): readonly Change[] {
  const { base, head } = comparison;
  const names = new Set([...Object.keys(base.config.agents), ...Object.keys(head.config.agents)]);
  return [...names].flatMap((name) => agentChanges(name, comparison));
}

/** Lists the files whose contents are needed on both sides, because only some of their keys count. */
export function keyLevelPaths(config: Config): readonly string[] {
  const paths = Object.values(config.agents).flatMap((agent) =>
    watchedPlaces(agent).flatMap((place) => (place.kind === "keys" ? [place.file] : [])),
  );
  return [...new Set(paths)].sort();
}

/** Lists the changed files whose contents are needed on both sides because front matter may stand in them, sorted. */
export function promptPaths(config: Config, files: readonly ChangedFile[]): readonly string[] {
  const places = Object.values(config.agents)
    .flatMap((agent) => watchedPlaces(agent))
    .filter((place) => place.kind === "prompts");
  const isPrompt = (path: string): boolean => places.some((place) => place.matches(path));
  return files
    .map(({ path }) => path)
    .filter(isPrompt)
    .sort()
    .slice(0, PROMPTS_READ_MAX);
}

function agentChanges(name: string, { base, head, files }: Comparison): readonly Change[] {
  const before = agentIn(base.config, name);
  const after = agentIn(head.config, name);
  // Each side's places count, so that what the head no longer names still counts as it leaves.
  const places = [before, after].flatMap((agent) => (agent === undefined ? [] : watchedPlaces(agent)));
  const changes = [
    ...entryChanges(name, before, after),
    ...places.flatMap((place) => placeChanges(name, place, files, base.snapshot, head.snapshot)),
  ];
  return withoutRepeats(changes);
}

function agentIn(config: Config, name: string): AgentConfig | undefined {
  return Object.hasOwn(config.agents, name) ? config.agents[name] : undefined;
}

function placeChanges(
  agent: string,
  place: WatchedPlace,
  files: readonly ChangedFile[],
  base: Snapshot,
  head: Snapshot,
): readonly Change[] {
  if (place.kind !== "keys") {
    const touched = files.filter(({ path }) => place.matches(path));
    return touched.flatMap(({ path }) => {
      const type = place.typeOf(path);
      const differences = place.kind === "files" ? [{ type }] : promptDifferences(path, type, base, head);
      return differences.map((difference) => ({ agent, path, ...difference }));
    });
  }
  const { file: path, type } = place;
  if (!files.some((file) => file.path === path)) return [];
  const difference = compareKeys(path, place.keys, base, head);
  if (difference.kind === "unreadable") return [{ agent, type, path }];
  return difference.keys.map((key) => ({ agent, type, path, key }));
}

/** Parts of an agent's entry that say how it is judged; the default branch decides them. */
const JUDGING_KEYS: readonly string[] = ["changes", "endpoint", "command", "environment", "timeout_ms"];
/** Where an agent is replayed, its target is the provider of its model. */
const MODEL_KEYS: readonly string[] = ["model", "parameters", "target"];

/** A difference in what the configuration says of an agent changes its topology, and its model where it names one. */
function entryChanges(
  name: string,
  before: AgentConfig | undefined,
  after: AgentConfig | undefined,
): readonly Change[] {
  const place = stepInto("agents", name);
  if (before === undefined || after === undefined) {
    return [{ agent: name, type: "topology", path: CONFIG_PATH, key: place }];
  }
  return differingKeys(before, after).flatMap((differing): readonly Change[] => {
    const key = stepInto(place, differing);
    const topology: Change = { agent: name, type: "topology", path: CONFIG_PATH, key };
    return MODEL_KEYS.includes(differing) ? [{ ...topology, type: "model" }, topology] : [topology];
  });
}

function differingKeys(before: AgentConfig, after: AgentConfig): readonly string[] {
  const membersBefore = jsonMembers(before);
  const membersAfter = jsonMembers(after);
  const keys = new Set([...membersBefore.keys(), ...membersAfter.keys()]);
  return [...keys].filter(
    (key) => !JUDGING_KEYS.includes(key) && membersBefore.get(key) !== membersAfter.get(key),
  );
}

function jsonMembers(agent: AgentConfig): ReadonlyMap<string, string> {
  const members: [string, JsonValue][] = Object.entries(jsonObject.parse(JSON.parse(JSON.stringify(agent))));
  return new Map(members.map(([key, value]) => [key, canonicalJson(value)]));
}

function withoutRepeats(changes: readonly Change[]): readonly Change[] {
  const byContent = new Map(
    changes.map((change) => [JSON.stringify([change.type, change.path, change.key ?? null]), change]),
  );
  return [...byContent.values()];
}
