import type { Relation } from "../fixture/trajectory-expectation.ts";
import type { Span, Trajectory } from "../trajectory/trajectory.ts";
import { onlyIfDelivered } from "./deliverable.ts";
import type { Grade, Grader } from "./grader.ts";
import { sameText, sharedKey } from "./same-arguments.ts";
import { type SpanTest, spanTest } from "./span-test.ts";
import { stepsText } from "./steps.ts";

/** One relation between two patterns. */
interface Rule {
  readonly every: SpanTest;
  readonly other: SpanTest;
  readonly words: "preceded by" | "followed by" | "never preceded by" | "never followed by";
  readonly same: Relation["same"];
}

/** Passes when every such span lies to the others as the relation says, or no such span occurs; linear in the spans. */
export function relation(relation: Relation): Grader {
  const rules = rulesOf(relation);
  const others = rules.flatMap(({ other }) => other.kinds);
  const isKept = onlyIfDelivered(others, async ({ trajectory }) => {
    for (const rule of rules) {
      const parting = partingOf(rule, trajectory.spans);
      if (parting !== undefined) return failure(rule, parting, trajectory);
    }
    return { kind: "pass", because: rules.map(ruleText).join("; ") };
  });
  const every = spanTest(relation.every);
  return onlyIfDelivered(every.kinds, async (evidence) => {
    // What did not occur lies to nothing, whether or not the agent could show the others.
    if (evidence.trajectory.spans.some(every.isMeant)) return await isKept(evidence);
    return { kind: "pass", because: `${every.words} did not occur` };
  });
}

function rulesOf(relation: Relation): readonly Rule[] {
  const { every, same } = relation;
  const others = [
    ["preceded by", relation.preceded_by],
    ["followed by", relation.followed_by],
    ["never preceded by", relation.not_preceded_by],
    ["never followed by", relation.not_followed_by],
  ] as const;
  return others.flatMap(([words, other]) =>
    other === undefined ? [] : [{ every: spanTest(every), other: spanTest(other), words, same }],
  );
}

/** Finds the span at which the rule is broken. */
function partingOf({ every, other, words, same }: Rule, spans: readonly Span[]): Span | undefined {
  const key = (span: Span) => sharedKey(span, same);
  switch (words) {
    case "preceded by":
      return firstUnmatched(spans, every, other, key);
    case "followed by":
      return firstUnmatched(spans.toReversed(), every, other, key);
    case "never preceded by":
      return firstAfter(spans, other, every, key);
    case "never followed by":
      return firstAfter(spans, every, other, key);
  }
}

type KeyOf = (span: Span) => string | undefined;

/** Finds the first span that is meant and has none of the others before it. */
function firstUnmatched(
  spans: readonly Span[],
  every: SpanTest,
  other: SpanTest,
  keyOf: KeyOf,
): Span | undefined {
  const seen = new Set<string | undefined>();
  for (const span of spans) {
    const key = keyOf(span);
    if (every.isMeant(span) && (key === undefined || !seen.has(key))) return span;
    if (other.isMeant(span)) seen.add(key);
  }
  return undefined;
}

/** Finds the first span of the later kind that has one of the earlier kind before it. */
function firstAfter(
  spans: readonly Span[],
  earlier: SpanTest,
  later: SpanTest,
  keyOf: KeyOf,
): Span | undefined {
  const seen = new Set<string | undefined>();
  for (const span of spans) {
    const key = keyOf(span);
    if (key !== undefined && seen.has(key) && later.isMeant(span)) return span;
    if (earlier.isMeant(span)) seen.add(key);
  }
  return undefined;
}

function failure(rule: Rule, parting: Span, trajectory: Trajectory): Grade {
  const isMissing = rule.words === "preceded by" || rule.words === "followed by";
  const where = rule.words === "followed by" || rule.words === "never preceded by" ? "after" : "before";
  return {
    kind: "fail",
    because: isMissing
      ? `${parting.name} occurred without ${rule.other.words} ${where} it${sameText(rule.same)}`
      : `${parting.name} occurred, against: ${ruleText(rule)}`,
    expected: ruleText(rule),
    observed: stepsText(trajectory),
    spanId: parting.id,
  };
}

function ruleText({ every, other, words, same }: Rule): string {
  return `every ${every.words} is ${words} ${other.words}${sameText(same)}`;
}
