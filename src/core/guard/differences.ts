import { isJsonObject, type JsonObject, type JsonValue, jsonEquals } from "../json.ts";
import { type PathStep, pathText } from "../path-text.ts";
import type { FieldChange } from "./weakening.ts";

/** Lists what of a change asks for less; nothing where the new value asks for as much as the old one. */
export type Rule = (
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path: readonly PathStep[],
) => readonly FieldChange[];

/** Rules by place, such as `gate.trials.*`; `*` stands for one step. */
export interface RuleBook {
  /** Answers the rule of a place; undefined where the places within it are looked at one by one. */
  readonly ruleOf: (path: readonly PathStep[]) => Rule | undefined;
  /** Tells whether something may be written, without asking for less, at a place that has no rule. */
  readonly mayAppear: (path: readonly PathStep[]) => boolean;
}

/** Makes a book of rules; without a word on it, nothing may be written where nothing stood. */
export function ruleBook(
  rules: Readonly<Record<string, Rule>>,
  mayAppear: RuleBook["mayAppear"] = () => false,
): RuleBook {
  const list = Object.entries(rules).map(([place, rule]) => ({ steps: place.split("."), rule }));
  return {
    mayAppear,
    ruleOf: (path) =>
      list.find(
        ({ steps }) =>
          steps.length === path.length && steps.every((step, at) => step === "*" || step === path[at]),
      )?.rule,
  };
}

/**
 * Compares two values place by place, and lists every place where the new one may ask for less.
 *
 * A place without a rule counts whatever happened to it: what cannot be shown to ask for as much does not.
 */
export function weakeningsBetween(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  book: RuleBook,
  path: readonly PathStep[] = [],
): readonly FieldChange[] {
  if (before !== undefined && after !== undefined && jsonEquals(before, after)) return [];
  const rule = book.ruleOf(path);
  if (rule !== undefined) return rule(before, after, path);
  if (before === undefined && book.mayAppear(path)) return [];
  const steps = commonSteps(before, after);
  if (steps === undefined) return [changeAt(path, before, after)];
  return steps.flatMap(({ step, one, other }) => weakeningsBetween(one, other, book, [...path, step]));
}

/** A change of one place. */
export function changeAt(
  path: readonly PathStep[],
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): FieldChange {
  return { at: pathText(path), before, after };
}

interface Member {
  readonly step: PathStep;
  readonly one: JsonValue | undefined;
  readonly other: JsonValue | undefined;
}

/** The members of two values of one kind, those that differ; undefined where the values have none to compare. */
function commonSteps(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
): readonly Member[] | undefined {
  if (Array.isArray(before) && Array.isArray(after)) return itemsOf(before, after);
  if (isJsonObject(before) && isJsonObject(after)) return membersOf(before, after);
  return undefined;
}

function itemsOf(before: readonly JsonValue[], after: readonly JsonValue[]): readonly Member[] {
  const length = Math.max(before.length, after.length);
  return Array.from({ length }, (_, step) => ({ step, one: before[step], other: after[step] })).filter(
    differs,
  );
}

function membersOf(before: JsonObject, after: JsonObject): readonly Member[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((step) => ({ step, one: ownMember(before, step), other: ownMember(after, step) }))
    .filter(differs);
}

function differs({ one, other }: Member): boolean {
  return one === undefined || other === undefined ? one !== other : !jsonEquals(one, other);
}

function ownMember(value: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
