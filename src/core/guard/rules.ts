import { canonicalJson, isJsonObject, type JsonValue, jsonIncludes } from "../json.ts";
import { changeAt, type Rule } from "./differences.ts";
import type { FieldChange } from "./weakening.ts";

/** Whatever happens here asks for as much as before. */
export const anything: Rule = () => [];

/** Saying something where nothing was said asks for more; any other change counts. */
export const mayBeAdded: Rule = (before, after, path) =>
  before === undefined ? [] : [changeAt(path, before, after)];

/** Whatever happens here counts, as one change of the whole place. */
export const mayNotChange: Rule = (before, after, path) => [changeAt(path, before, after)];

/** A limit: a smaller one asks for more, and so does a first one. */
export const mayFall: Rule = unless((before, after) => after <= before);

/** A number to reach, or a day: a larger one asks for more, and so does a first one. */
export const mayRise: Rule = unless((before, after) => after >= before);

/** As `mayRise`, for what has a value of its own where it is left out: a first one counts. */
export const mayOnlyRise: Rule = (before, after, path) =>
  before === undefined ? [changeAt(path, before, after)] : mayRise(before, after, path);

/** All of these must hold: a longer list asks for more. What is gone is listed one by one. */
export const mayGrow: Rule = (before, after, path) =>
  before === undefined
    ? []
    : missing(before, after).map(([at, item]) => changeAt([...path, at], item, undefined));

/** One of these is enough: a shorter list asks for more, and so does a first one. What came is listed one by one. */
export const mayShrink: Rule = (before, after, path) => {
  if (before === undefined) return [];
  if (after === undefined) return [changeAt(path, before, after)];
  return missing(after, before).map(([at, item]) => changeAt([...path, at], undefined, item));
};

/** Steps in their order: others between them ask for more. */
export const mayBeInterleaved: Rule = (before, after, path) =>
  before === undefined || isSubsequence(itemsIn(before), itemsIn(after))
    ? []
    : [changeAt(path, before, after)];

/** Members that must be there: more of them, at any depth, ask for more. */
export const mayHoldMore: Rule = (before, after, path) =>
  before === undefined || jsonIncludes(after, before) ? [] : [changeAt(path, before, after)];

/** Words from the weakest to the strongest: a stronger one asks for more, and so does a first one where nothing stood. */
export function mayClimb(weakestFirst: readonly string[]): Rule {
  const strength = (value: JsonValue | undefined): number => weakestFirst.indexOf(String(value));
  return (before, after, path) => {
    const isKnown = strength(after) >= 0;
    return isKnown && strength(after) >= strength(before) ? [] : [changeAt(path, before, after)];
  };
}

/** How often calls occur: narrower bounds ask for more. Written without any bound, it means at least once. */
export const mayNarrow: Rule = (before, after, path) => {
  if (before === undefined) return [];
  const [one, other] = [boundsOf(before), boundsOf(after)];
  const isWider = other === undefined || one === undefined || other.min < one.min || other.max > one.max;
  return isWider ? [changeAt(path, before, after)] : [];
};

/** The items of the first list that the second one lacks, each with its place. */
function missing(
  from: JsonValue | undefined,
  inList: JsonValue | undefined,
): readonly (readonly [number, JsonValue])[] {
  const left = itemsIn(inList).map(canonicalJson);
  return itemsIn(from).flatMap((item, at): readonly (readonly [number, JsonValue])[] => {
    const found = left.indexOf(canonicalJson(item));
    if (found < 0) return [[at, item]];
    left.splice(found, 1);
    return [];
  });
}

function itemsIn(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as JsonValue];
}

/** Tells whether the items of a list stand in another one in their order, others between them. */
function isSubsequence(items: readonly JsonValue[], within: readonly JsonValue[]): boolean {
  const wanted = items.map(canonicalJson);
  let found = 0;
  for (const item of within.map(canonicalJson)) if (item === wanted[found]) found += 1;
  return found === wanted.length;
}

function unless(isAsStrict: (before: number | string, after: number | string) => boolean): Rule {
  return (before, after, path): readonly FieldChange[] => {
    if (before === undefined) return [];
    const isKnown = isComparable(before) && isComparable(after) && typeof before === typeof after;
    return isKnown && isAsStrict(before, after) ? [] : [changeAt(path, before, after)];
  };
}

function isComparable(value: JsonValue | undefined): value is number | string {
  return typeof value === "number" || typeof value === "string";
}

function boundsOf(value: JsonValue | undefined): { readonly min: number; readonly max: number } | undefined {
  if (!isJsonObject(value)) return undefined;
  const { min, max } = value;
  const least = min === undefined && max === undefined ? 1 : (min ?? 0);
  return typeof least === "number" && (max === undefined || typeof max === "number")
    ? { min: least, max: max ?? Number.POSITIVE_INFINITY }
    : undefined;
}
