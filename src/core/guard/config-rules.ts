import { canonicalJson, isJsonObject, type JsonValue } from "../json.ts";
import { changeAt, type Rule, type RuleBook, ruleBook } from "./differences.ts";
import { anything, mayBeAdded, mayClimb, mayFall, mayGrow, mayRise, mayShrink } from "./rules.ts";

/**
 * Places of a configuration at which a change may ask for as much as before.
 *
 * All others count whatever happens to them: who decides (`owner`, `override`), which branches are their own
 * measure (`gate.bases`), the judge, and what a tool call means (`spans`, `handoffs`), since a call under
 * another name is not the one that a fixture forbids.
 */
const RULES: Readonly<Record<string, Rule>> = {
  "gate.trials.*": mayRise,
  "gate.thresholds.*": mayRise,
  "gate.max_cost_usd": mayRise,
  "gate.compare.*": mayFall,
  "gate.warning": mayClimb(["neutral", "require_override"]),
  "gate.drafts": mayClimb(["false", "true"]),
  "gate.unscoped": mayClimb(["skip", "fast", "all"]),
  "incidents.redaction.allow": mayShrink,
  "override.warning": mayDropOut,
  "override.blocking": mayDropOut,
  "agents.*.model": mayBeAnotherModel,
  // What the agent is made of is judged itself: a change of it runs every fixture of the agent.
  "agents.*.parameters": anything,
  "agents.*.max_turns": mayRise,
  "agents.*.tools": mayBeAdded,
  "agents.*.system": mayGrow,
  "agents.*.memory": mayGrow,
  "agents.*.retrieval.documents": mayGrow,
  "agents.*.changes.*": mayWatchMore,
};

/** Makes the rules for the places of a configuration; a new agent takes nothing from the others. */
export function configRules(): RuleBook {
  return ruleBook(RULES, (path) => path.length === 2 && path[0] === "agents");
}

/** Fewer parties decide more strictly; one that comes counts. */
function mayDropOut(...[before, after, path]: Parameters<Rule>): ReturnType<Rule> {
  return mayShrink(listed(before), listed(after), path);
}

/** A model that the configuration names itself is the agent's; one that is read elsewhere is watched there. */
function mayBeAnotherModel(...[before, after, path]: Parameters<Rule>): ReturnType<Rule> {
  const isNamedHere = typeof before === "string" && typeof after === "string";
  return isNamedHere ? [] : [changeAt(path, before, after)];
}

/** More places, and more keys of a file, are watched; fewer are not. */
function mayWatchMore(...[before, after, path]: Parameters<Rule>): ReturnType<Rule> {
  const kept = new Set(places(after));
  return listed(before).flatMap((watched, at) =>
    places([watched]).every((place) => kept.has(place)) ? [] : [changeAt([...path, at], watched, undefined)],
  );
}

/** Every watched key by itself, so that keys of one file may be listed in one entry or in several. */
function places(value: JsonValue | undefined): readonly string[] {
  return listed(value).flatMap((watched) => {
    if (!isJsonObject(watched) || !Array.isArray(watched.keys)) return [canonicalJson(watched)];
    return watched.keys.map((key: JsonValue) => canonicalJson([watched.file ?? null, key]));
  });
}

function listed(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as JsonValue];
}
