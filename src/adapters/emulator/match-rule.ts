import { jsonEquals } from "../../core/json.ts";
import { type Conversation, resultAt } from "./conversation.ts";
import type { Rule, Script, When } from "./script.ts";

type Wanted = { readonly [K in keyof When]-?: NonNullable<When[K]> };
type Conditions = { readonly [K in keyof Wanted]: (wanted: Wanted[K], seen: Conversation) => boolean };

/** Every condition that a rule may name. To add one: its line in the schema of the script, its line here. */
const CONDITIONS: Conditions = {
  system_contains: (words, seen) => words.every((word) => contains(seen.system, word)),
  system_lacks: (words, seen) => !words.some((word) => contains(seen.system, word)),
  system_matches: (pattern, seen) => pattern.matcher(seen.system).find(),
  system_lacks_match: (pattern, seen) => !pattern.matcher(seen.system).find(),
  model: (model, seen) => seen.model === model,
  model_contains: (word, seen) => contains(seen.model, word),
  last_user_contains: (words, seen) => words.every((word) => contains(seen.userTexts.at(-1) ?? "", word)),
  any_user_contains: (words, seen) => words.every((word) => contains(allUserText(seen), word)),
  any_user_lacks: (words, seen) => !words.some((word) => contains(allUserText(seen), word)),
  any_user_matches: (pattern, seen) => pattern.matcher(allUserText(seen)).find(),
  any_user_lacks_match: (pattern, seen) => !pattern.matcher(allUserText(seen)).find(),
  has_tools: (names, seen) => names.every((name) => seen.toolNames.includes(name)),
  lacks_tools: (names, seen) => !names.some((name) => seen.toolNames.includes(name)),
  called: (names, seen) => names.every((name) => wasCalled(seen, name)),
  not_called: (names, seen) => !names.some((name) => wasCalled(seen, name)),
  result_contains: (words, seen) => words.every((word) => contains(seen.latestResults.join("\n"), word)),
  result_is: (wanted, seen) =>
    Object.entries(wanted).every(([path, value]) => {
      const found = resultAt(seen, path);
      return found !== undefined && jsonEquals(found, value);
    }),
  structured: (wanted, seen) => wanted === (seen.outputSchema !== undefined),
  asks_for: (names, seen) => names.every((name) => topProperties(seen).includes(name)),
};

/** How often each rule's conditions have held so far, by the rule's place in the script. */
export type FitCounts = ReadonlyMap<number, number>;

/** Finds the first rule that answers this conversation, and the counts after it was asked. */
export function matchRule(
  script: Script,
  seen: Conversation,
  counts: FitCounts,
): { readonly rule: Rule | undefined; readonly counts: FitCounts } {
  const after = new Map(counts);
  const rule = script.rules.find((candidate, index) => {
    if (!fits(candidate.when, seen)) return false;
    if (candidate.every === undefined) return true;
    const count = (after.get(index) ?? 0) + 1;
    after.set(index, count);
    return count % candidate.every === 0;
  });
  return { rule, counts: after };
}

function fits(when: When, seen: Conversation): boolean {
  // Object.keys forgets the keys' type; the keys of a parsed `when` are those of its schema.
  const keys = Object.keys(when) as (keyof When)[];
  return keys.every((key) => holds(key, when[key], seen));
}

function holds<K extends keyof Wanted>(key: K, wanted: Wanted[K] | undefined, seen: Conversation): boolean {
  return wanted === undefined || CONDITIONS[key](wanted, seen);
}

function contains(text: string, word: string): boolean {
  return text.toLowerCase().includes(word.toLowerCase());
}

function allUserText(seen: Conversation): string {
  return seen.userTexts.join("\n");
}

function wasCalled(seen: Conversation, name: string): boolean {
  return seen.calls.some((call) => call.tool === name);
}

function topProperties(seen: Conversation): readonly string[] {
  const properties = seen.outputSchema?.properties;
  return typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
}
