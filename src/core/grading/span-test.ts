import type { SpanPattern } from "../fixture/trajectory-expectation.ts";
import { canonicalJson, isJsonObject, jsonIncludes } from "../json.ts";
import { matchesWildcard } from "../text/wildcard.ts";
import { isNamed, kindOfName, type Span, type SpanKind } from "../trajectory/trajectory.ts";
import { excerpt } from "./excerpt.ts";

/** Tells which spans a fixture means. */
export interface SpanTest {
  /** The pattern in words. */
  readonly words: string;
  /** The kinds that a target must deliver for this to be decided. */
  readonly kinds: readonly SpanKind[];
  readonly isMeant: (span: Span) => boolean;
}

type Rules = Exclude<SpanPattern, string>;

/** Reads a pattern of a fixture: a name, or a mapping of which everything must hold. */
export function spanTest(pattern: SpanPattern): SpanTest {
  const rules: Rules = typeof pattern === "string" ? { span: pattern } : pattern;
  const kind = rules.span === undefined ? undefined : kindOfName(rules.span);
  return {
    words: wordsOf(rules),
    kinds: kind === undefined ? [] : [kind],
    isMeant: (span) => isNameMeant(span, rules) && isCallMeant(span, rules) && isOutcomeMeant(span, rules),
  };
}

function isNameMeant(span: Span, { span: name, agent }: Rules): boolean {
  return (name === undefined || isNamed(span, name)) && (agent === undefined || span.agent === agent);
}

function isCallMeant({ call, sideEffect }: Span, rules: Rules): boolean {
  const { arguments: holds, side_effect: effect } = rules;
  if (holds !== undefined && (call === undefined || !jsonIncludes(call.arguments, holds))) return false;
  return effect === undefined || (sideEffect !== undefined && matchesWildcard(sideEffect, effect));
}

function isOutcomeMeant({ status, error, by }: Span, rules: Rules): boolean {
  return (
    (rules.status === undefined || rules.status === status) &&
    (rules.error === undefined || rules.error === error?.type) &&
    (rules.by === undefined || rules.by.some((name) => by?.includes(name)))
  );
}

function wordsOf({ span = "a span", ...rules }: Rules): string {
  const parts = Object.entries(rules).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const shown = isJsonObject(value) ? canonicalJson(value) : String(value);
    return [`${key} ${shown}`];
  });
  return parts.length === 0 ? span : excerpt(`${span} (${parts.join(", ")})`);
}
