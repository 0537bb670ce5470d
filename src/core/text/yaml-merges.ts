import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";

const MERGE_KEY = "<<";

/**
 * Puts the members of every `<<` (the merge type of YAML 1.1, which most loaders still know) into the mapping that
 * holds it: the mapping's own members stand before merged ones, the first of several merged mappings before the
 * others. What is no mapping stays where it is.
 */
export function withMerges(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withMerges);
  if (!isJsonObject(value)) return value;
  const { [MERGE_KEY]: merge, ...own } = value;
  const members = Object.fromEntries(Object.entries(own).map(([key, member]) => [key, withMerges(member)]));
  if (merge === undefined) return members;
  const sources = mergedMappings(withMerges(merge));
  if (sources === undefined) return { ...members, [MERGE_KEY]: merge };
  return Object.assign({}, ...[...sources].reverse(), members);
}

function mergedMappings(merge: JsonValue): readonly JsonObject[] | undefined {
  const sources = Array.isArray(merge) ? merge : [merge];
  return sources.every(isJsonObject) ? sources : undefined;
}
