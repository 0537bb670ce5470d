import { isJsonObject, type JsonObject, type JsonValue, jsonEquals } from "../json.ts";
import { changeAt, type Rule, type RuleBook, ruleBook } from "./differences.ts";
import {
  anything,
  mayBeAdded,
  mayBeInterleaved,
  mayClimb,
  mayFall,
  mayGrow,
  mayHoldMore,
  mayNarrow,
  mayNotChange,
  mayOnlyRise,
  mayRise,
  mayShrink,
} from "./rules.ts";

/** What a fixture is: words about it are free, what decides when and how it counts is not. */
const IDENTITY: Readonly<Record<string, Rule>> = {
  incident: mayBeAdded,
  issue: mayBeAdded,
  level: mayClimb(["exploratory", "warning", "blocking"]),
  severity: mayClimb(["S4", "S3", "S2", "S1"]),
  // Fast ones run where no change type matches, full ones before a release: no tier does all that another one does.
  tier: mayNotChange,
  weight: mayRise,
  failure_type: mayBeAdded,
  layers: mayGrow,
  tags: mayGrow,
  gates: mayGrow,
  reason: anything,
  created_at: anything,
  review_by: mayRise,
  "trials.max": mayOnlyRise,
  "trials.pass_rate": mayRise,
};

/** Where a fixture comes from: what people read there is free. */
const SOURCE: Readonly<Record<string, Rule>> = {
  "source.imported_from": anything,
  "source.redactions": anything,
  "source.observed": anything,
  "source.root_causes": anything,
  "source.evaluation_gap": anything,
  "source.quotes": anything,
  "source.unknown": anything,
  "source.fails_on": mayBeAdded,
};

/** What a trial must show. Parts that say how others are meant stand in `MODIFIERS`. */
const EXPECTATION: Readonly<Record<string, Rule>> = {
  "expect.route.never": mayGrow,
  "expect.route.models": mayShrink,
  "expect.context.documents": mayGrow,
  "expect.context.memory": mayGrow,
  "expect.context.state": mayHoldMore,
  "expect.context.must_contain": mayGrow,
  "expect.context.must_not_contain": mayGrow,
  "expect.context.max_input_tokens": mayFall,
  "expect.retrieval.required": mayGrow,
  "expect.retrieval.forbidden": mayGrow,
  "expect.retrieval.allowed": mayShrink,
  "expect.retrieval.fresh": mayGrow,
  "expect.retrieval.cited": mayBeAdded,
  "expect.trajectory.forbidden": mayGrow,
  "expect.trajectory.allowed": mayShrink,
  "expect.trajectory.calls.*": mayNarrow,
  "expect.trajectory.counts": mayGrow,
  "expect.trajectory.relations": mayGrow,
  "expect.trajectory.arguments.*": mayHoldMore,
  "expect.trajectory.inputs": mayGrow,
  "expect.trajectory.approval": mayGrow,
  "expect.trajectory.repeats": mayBeAdded,
  "expect.trajectory.recovery": mayGrow,
  "expect.trajectory.max_tool_calls": mayFall,
  "expect.trajectory.max_identical_calls": mayFall,
  "expect.state.transitions": mayBeInterleaved,
  "expect.state.final": mayHoldMore,
  "expect.state.allowed_side_effects": mayShrink,
  "expect.state.forbidden_side_effects": mayGrow,
  "expect.memory.reads.allowed": mayShrink,
  "expect.memory.reads.after": mayBeAdded,
  "expect.memory.writes.allowed": mayShrink,
  "expect.memory.writes.forbidden": mayGrow,
  "expect.memory.writes.required": mayGrow,
  "expect.memory.writes.must_not_match": mayGrow,
  "expect.policy.after_denial": mayClimb(["no_retry", "stop"]),
  "expect.policy.refusal": mayShrink,
  "expect.output.must_contain": mayGrow,
  "expect.output.any_of": mayShrink,
  "expect.output.must_not_contain": mayGrow,
  "expect.output.must_match": mayGrow,
  "expect.output.must_not_match": mayGrow,
  "expect.judge.must": mayGrow,
  "expect.judge.must_not": mayGrow,
  "expect.budget.cost_usd": mayFall,
  "expect.budget.latency_ms": mayFall,
  "expect.budget.tokens": mayFall,
  "expect.budget.turns": mayFall,
};

/** Parts of an expectation that say how others are meant: to write one changes what stands beside it. */
const MODIFIERS = ["context.before", "memory.key", "output.case", "judge.reference", "trajectory.order"];

/** How deep a place of an expectation may be that is written anew: what a group asserts. */
const ASSERTION_DEPTH = 3;

/**
 * Makes the rules for the places of a fixture.
 *
 * `today` is the day in UTC, since an expiry that has passed takes a fixture out. What no rule names counts:
 * above all the case itself, because inputs and recordings decide what an agent can do wrong.
 */
export function fixtureRules(today: string): RuleBook {
  const modifiers = MODIFIERS.flatMap((place) => [`expect.${place}`, `expect.not.${place}`]);
  return ruleBook(
    {
      ...IDENTITY,
      ...SOURCE,
      expires_at: mayExpireLater(today),
      ...Object.fromEntries(modifiers.map((place) => [place, mayNotChange])),
      ...EXPECTATION,
      [REQUIRED_SPANS]: maySpansBeAdded,
    },
    // Each assertion must hold by itself, so one that comes takes nothing from the others; a source is only told.
    ([group, part, ...deeper]) => {
      if (group === "source" && part === undefined) return true;
      const depth = 2 + deeper.length - (part === "not" ? 1 : 0);
      return group === "expect" && part !== undefined && depth <= ASSERTION_DEPTH;
    },
  );
}

/** A fixture that ends later, or never, asks for more; one that ends first, earlier or at once asks for less. */
function mayExpireLater(today: string): Rule {
  return (before, after, path) => {
    if (after === undefined) return [];
    const isLater = typeof before === "string" && String(after) >= before;
    return isLater && String(after) >= today ? [] : [changeAt(path, before, after)];
  };
}

const REQUIRED_SPANS = "expect.trajectory.required";

/** What an order of spans holds of the others: exactly these in order are also these in order with others between. */
const ORDERS_IMPLIED: Readonly<Record<string, readonly string[]>> = {
  strict: ["strict", "unordered", "subsequence", "superset"],
  unordered: ["unordered", "superset"],
  subsequence: ["subsequence", "superset"],
  superset: ["superset"],
};

/** Required spans are only more or fewer together with the order in which they are required. */
const maySpansBeAdded: Rule = (before, after, path) => {
  const [one, other] = [spansOf(before), spansOf(after)];
  if (one.spans === undefined) return [];
  if (other.spans === undefined) return [changeAt(path, one.spans, undefined)];
  if (!ORDERS_IMPLIED[other.order]?.includes(one.order))
    return [changeAt([...path.slice(0, -1), "order"], one.order, other.order)];
  if (jsonEquals(one.spans, other.spans)) return [];
  if (one.order === "superset") return mayGrow(one.spans, other.spans, path);
  if (one.order === "subsequence") return mayBeInterleaved(one.spans, other.spans, path);
  return [changeAt(path, one.spans, other.spans)];
};

/** Puts the order of the required spans to them, as one cannot be compared without the other. */
export function withOrderedSpans(fixture: JsonObject): JsonObject {
  const { expect } = fixture;
  const trajectory = isJsonObject(expect) ? expect.trajectory : undefined;
  if (!isJsonObject(expect) || !isJsonObject(trajectory)) return fixture;
  const { order = "superset", required, ...others } = trajectory;
  const spans = required === undefined ? {} : { required: { order, spans: required } };
  return { ...fixture, expect: { ...expect, trajectory: { ...others, ...spans } } };
}

function spansOf(value: JsonValue | undefined): {
  readonly order: string;
  readonly spans: JsonValue | undefined;
} {
  if (!isJsonObject(value)) return { order: "superset", spans: undefined };
  return { order: String(value.order), spans: value.spans };
}
