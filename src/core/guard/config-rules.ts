import { canonicalJson, isJsonObject, type JsonValue } from "../json.ts";
import { changeAt, type Rule, type RuleBook, ruleBook } from "./differences.ts";
import { mayBeAdded, mayClimb, mayFall, mayRise, mayShrink } from "./rules.ts";

/**
 * Places of a configuration at which a change may ask for as much as before.
 *
 * All others count whatever happens to them: who decides (`owner`, `override`), which branches are their own
 * measure (`gate.bases`), the judge, what a tool call means (`spans`, `handoffs`), since a call under another
 * name is not the one that a fixture forbids, and what an agent is made of: the file alone says so, and what is
 * deployed need not be made of it. A sentence that only the agent of the gate is given makes it pass.
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
  "agents.*.max_turns": mayRise,
  "agents.*.tools": mayBeAdded,
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
