import type { Fixture } from "../fixture/fixture.ts";
import { canonicalJson, jsonValue } from "../json.ts";
import { inlineCode, inlineText } from "../text/markdown.ts";
import { costText, durationText } from "./amounts.ts";

const TEXT_LENGTH_MAX = 200;

/** One thing that a fixture asserts, in words. */
export interface Claim {
  /** Path in the fixture. */
  readonly at: string;
  /** Markdown. */
  readonly says: string;
  /** The asserted value as the fixture writes it. */
  readonly value: string;
}

/** Says in words everything that a fixture asserts, in the order of its file. */
export function claimsOf({ expect }: Fixture): readonly Claim[] {
  return [
    ...(expect.stop_reason === undefined
      ? []
      : [claim("expect.stop_reason", expect.stop_reason, `stops with ${inlineCode(expect.stop_reason)}`)]),
    ...trajectoryClaims(expect.trajectory),
    ...outputClaims(expect.output),
    ...plainClaims(expect),
    ...each("expect.judge.must", expect.judge?.must, (text) => `a judge finds that it must: ${plain(text)}`),
    ...each(
      "expect.judge.must_not",
      expect.judge?.must_not,
      (text) => `a judge finds that it must not: ${plain(text)}`,
    ),
    ...budgetClaims(expect.budget),
  ];
}

/** Assertions that are shown as the file writes them, and all of those that must not hold. */
function plainClaims(expect: Fixture["expect"]): readonly Claim[] {
  const { allowed, calls, counts, relations, inputs, repeats, recovery } = expect.trajectory ?? {};
  const { route, context, retrieval, state, policy, not } = expect;
  const memory = { reads: expect.memory?.reads, writes: expect.memory?.writes };
  const groups: Readonly<Record<string, object | undefined>> = {
    trajectory: { allowed, calls, counts, relations, inputs, repeats, recovery },
    ...{ route, context, retrieval, state, memory, policy, not },
    output: { any_of: expect.output?.any_of },
  };
  return Object.entries(groups).flatMap(([group, members = {}]) =>
    Object.entries(members).flatMap(([key, member]) => {
      if (member === undefined) return [];
      const json = canonicalJson(jsonValue.parse(JSON.parse(JSON.stringify(member))));
      const words = group === "not" ? `must not hold: ${key}` : `${group} ${key.replaceAll("_", " ")}`;
      return [claim(`expect.${group}.${key}`, json, `${words}: ${inlineCode(json, TEXT_LENGTH_MAX)}`)];
    }),
  );
}

const ORDER_WORDS = {
  strict: "exactly these steps, in this order",
  unordered: "exactly these steps",
  subsequence: "in this order",
  superset: "at any time",
} as const;

function trajectoryClaims(trajectory: Fixture["expect"]["trajectory"]): readonly Claim[] {
  if (trajectory === undefined) return [];
  const at = "expect.trajectory";
  const {
    required,
    order,
    forbidden,
    approval,
    max_tool_calls: calls,
    max_identical_calls: identical,
  } = trajectory;
  return [
    ...each(`${at}.required`, required, (name) => `does ${inlineCode(name)} (${ORDER_WORDS[order]})`),
    ...each(`${at}.forbidden`, forbidden, (name) => `never does ${inlineCode(name)}`),
    ...Object.entries(trajectory.arguments ?? {}).map(([tool, given]) => {
      const json = canonicalJson(given);
      return claim(
        `${at}.arguments.${tool}`,
        json,
        `calls ${inlineCode(tool)} only with ${inlineCode(json)}`,
      );
    }),
    ...(approval ?? []).map(({ before, state, by, not_by }, index) => {
      const who = [
        ...(by === undefined ? [] : [` by ${by.map((name) => inlineCode(name)).join(" or ")}`]),
        ...(not_by === undefined ? [] : [`, not by ${not_by.map((name) => inlineCode(name)).join(" or ")}`]),
      ].join("");
      const says = `does ${inlineCode(before)} only after an approval was ${state}${who}`;
      return claim(`${at}.approval[${index}]`, before, says);
    }),
    ...(calls === undefined
      ? []
      : [claim(`${at}.max_tool_calls`, `${calls}`, `calls at most ${calls} tools`)]),
    ...(identical === undefined
      ? []
      : [claim(`${at}.max_identical_calls`, `${identical}`, repeatsOf(identical))]),
  ];
}

function outputClaims(output: Fixture["expect"]["output"]): readonly Claim[] {
  if (output === undefined) return [];
  const at = "expect.output";
  return [
    ...each(`${at}.must_contain`, output.must_contain, (text) => `says “${plain(text)}”`),
    ...each(`${at}.must_not_contain`, output.must_not_contain, (text) => `does not say “${plain(text)}”`),
    ...each(
      `${at}.must_match`,
      output.must_match,
      (pattern) => `answers with a match of ${inlineCode(pattern)}`,
    ),
    ...each(
      `${at}.must_not_match`,
      output.must_not_match,
      (pattern) => `answers without a match of ${inlineCode(pattern)}`,
    ),
    ...(output.equals === undefined
      ? []
      : [claim(`${at}.equals`, output.equals, `answers exactly “${plain(output.equals)}”`)]),
    ...(output.json_schema === undefined
      ? []
      : [claim(`${at}.json_schema`, "", "answers with JSON that fits the schema in the file")]),
  ];
}

function budgetClaims(budget: Fixture["expect"]["budget"]): readonly Claim[] {
  if (budget === undefined) return [];
  const limits = [
    ["cost_usd", budget.cost_usd, costText] as const,
    ["latency_ms", budget.latency_ms, durationText] as const,
    ["tokens", budget.tokens, (tokens: number) => `${tokens} tokens`] as const,
    ["turns", budget.turns, (turns: number) => `${turns} turns`] as const,
  ];
  return limits.flatMap(([key, limit, words]) =>
    limit === undefined ? [] : [claim(`expect.budget.${key}`, `${limit}`, `stays within ${words(limit)}`)],
  );
}

function each(
  at: string,
  values: readonly string[] | undefined,
  say: (value: string) => string,
): readonly Claim[] {
  return (values ?? []).map((value, index) => claim(`${at}[${index}]`, value, say(value)));
}

function claim(at: string, value: string, says: string): Claim {
  return { at, value, says };
}

function plain(text: string): string {
  return inlineText(text, TEXT_LENGTH_MAX);
}

function repeatsOf(identical: number): string {
  return identical === 1 ? "makes no call twice" : `makes no call more than ${identical} times`;
}
