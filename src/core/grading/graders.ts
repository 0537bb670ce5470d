import type { Expectation } from "../fixture/fixture.ts";
import { approval } from "./approval.ts";
import { budgetCost, budgetLatency, budgetTokens, budgetTurns } from "./budget.ts";
import { contains } from "./contains.ts";
import { equals } from "./equals.ts";
import { forbiddenSpan } from "./forbidden-span.ts";
import type { Grader } from "./grader.ts";
import { jsonSchema } from "./json-schema.ts";
import { judge } from "./judge.ts";
import { matches } from "./matches.ts";
import { maxIdenticalCalls } from "./max-identical-calls.ts";
import { maxToolCalls } from "./max-tool-calls.ts";
import { notContains } from "./not-contains.ts";
import { notMatches } from "./not-matches.ts";
import { requiredSpans } from "./required-spans.ts";
import { stopReason } from "./stop-reason.ts";
import { toolArguments } from "./tool-arguments.ts";

/** A grader at one place of a fixture. */
interface PlacedGrader {
  readonly at: string;
  readonly grade: Grader;
}

/** One kind of grader: its name, whether an LLM decides, and where a fixture asks for it. */
export interface GraderEntry {
  readonly use: string;
  readonly judged: boolean;
  readonly place: (expect: Expectation) => readonly PlacedGrader[];
}

/** Every grader there is. To add one: write its file, add its line. */
export const GRADERS: readonly GraderEntry[] = [
  one("stop-reason", "stop_reason", (e) => e.stop_reason, stopReason),
  one("required-spans", "trajectory.required", requiredOf, requiredSpans),
  each("forbidden-span", "trajectory.forbidden", (e) => e.trajectory?.forbidden, forbiddenSpan),
  named("arguments", "trajectory.arguments", argumentsOf, toolArguments),
  each("approval", "trajectory.approval", (e) => e.trajectory?.approval, approval),
  one("max-tool-calls", "trajectory.max_tool_calls", (e) => e.trajectory?.max_tool_calls, maxToolCalls),
  one(
    "max-identical-calls",
    "trajectory.max_identical_calls",
    (e) => e.trajectory?.max_identical_calls,
    maxIdenticalCalls,
  ),
  each("contains", "output.must_contain", (e) => e.output?.must_contain, contains),
  each("not-contains", "output.must_not_contain", (e) => e.output?.must_not_contain, notContains),
  each("matches", "output.must_match", (e) => e.output?.must_match, matches),
  each("not-matches", "output.must_not_match", (e) => e.output?.must_not_match, notMatches),
  one("equals", "output.equals", (e) => e.output?.equals, equals),
  one("json-schema", "output.json_schema", (e) => e.output?.json_schema, jsonSchema),
  one("budget-cost", "budget.cost_usd", (e) => e.budget?.cost_usd, budgetCost),
  one("budget-latency", "budget.latency_ms", (e) => e.budget?.latency_ms, budgetLatency),
  one("budget-tokens", "budget.tokens", (e) => e.budget?.tokens, budgetTokens),
  one("budget-turns", "budget.turns", (e) => e.budget?.turns, budgetTurns),
  byJudge(
    each(
      "judge",
      "judge.must",
      (e) => e.judge?.must,
      (text) => judge({ kind: "must", text }),
    ),
  ),
  byJudge(
    each(
      "judge",
      "judge.must_not",
      (e) => e.judge?.must_not,
      (text) => judge({ kind: "must_not", text }),
    ),
  ),
];

type Pick<Options> = (expect: Expectation) => Options | undefined;

function one<O>(use: string, at: string, pick: Pick<O>, make: (options: O) => Grader): GraderEntry {
  return entry(use, (expect) => {
    const options = pick(expect);
    return options === undefined ? [] : [{ at: `expect.${at}`, grade: make(options) }];
  });
}

function each<O>(
  use: string,
  at: string,
  pick: Pick<readonly O[]>,
  make: (options: O) => Grader,
): GraderEntry {
  return entry(use, (expect) =>
    (pick(expect) ?? []).map((options, index) => ({ at: `expect.${at}[${index}]`, grade: make(options) })),
  );
}

function named<O>(
  use: string,
  at: string,
  pick: Pick<ReadonlyMap<string, O>>,
  make: (options: O) => Grader,
): GraderEntry {
  return entry(use, (expect) =>
    [...(pick(expect) ?? [])].map(([name, options]) => ({
      at: `expect.${at}.${name}`,
      grade: make(options),
    })),
  );
}

function entry(use: string, place: GraderEntry["place"]): GraderEntry {
  return { use, judged: false, place };
}

function byJudge(grader: GraderEntry): GraderEntry {
  return { ...grader, judged: true };
}

function requiredOf({ trajectory }: Expectation) {
  const required = trajectory?.required;
  return required === undefined ? undefined : { required, order: trajectory?.order ?? "superset" };
}

function argumentsOf({ trajectory }: Expectation) {
  const tools = Object.entries(trajectory?.arguments ?? {});
  return new Map(tools.map(([tool, holds]) => [tool, { tool, holds }]));
}
