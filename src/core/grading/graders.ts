import { budgetCost, budgetLatency, budgetTokens, budgetTurns } from "./budget.ts";
import { contains } from "./contains.ts";
import { equals } from "./equals.ts";
import { jsonSchema } from "./json-schema.ts";
import { judge } from "./judge.ts";
import { LAYER_GRADERS } from "./layer-graders.ts";
import { matches } from "./matches.ts";
import { notContains } from "./not-contains.ts";
import { notMatches } from "./not-matches.ts";
import { byJudge, each, type GraderEntry, one } from "./placing.ts";
import { stopReason } from "./stop-reason.ts";
import { TRAJECTORY_GRADERS } from "./trajectory-graders.ts";

/** Every grader there is. To add one: write its file, add its line. */
export const GRADERS: readonly GraderEntry[] = [
  one("stop-reason", "stop_reason", (e) => e.stop_reason, stopReason),
  ...TRAJECTORY_GRADERS,
  ...LAYER_GRADERS,
  each(
    "contains",
    "output.must_contain",
    (e) => e.output?.must_contain,
    (text, e) => contains([text], e.output?.case),
  ),
  one(
    "contains-any",
    "output.any_of",
    (e) => e.output?.any_of,
    (texts, e) => contains(texts, e.output?.case),
  ),
  each(
    "not-contains",
    "output.must_not_contain",
    (e) => e.output?.must_not_contain,
    (text, e) => notContains(text, e.output?.case),
  ),
  each("matches", "output.must_match", (e) => e.output?.must_match, matches),
  each("not-matches", "output.must_not_match", (e) => e.output?.must_not_match, notMatches),
  one(
    "equals",
    "output.equals",
    (e) => e.output?.equals,
    (text, e) => equals(text, e.output?.case),
  ),
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
