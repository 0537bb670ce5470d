import { expect, test } from "@jest/globals";
import type { ORDERS } from "../../../src/core/fixture/trajectory-expectation.ts";
import { requiredSpans } from "../../../src/core/grading/required-spans.ts";
import type { Span } from "../../../src/core/trajectory/trajectory.ts";
import { aFixture } from "../../build/fixtures.ts";
import { NO_JUDGE } from "../../build/models.ts";
import { aSpan, aTrajectory } from "../../build/reports.ts";

async function grade(order: (typeof ORDERS)[number], required: readonly string[], spans: readonly Span[]) {
  const trajectory = aTrajectory([], { spans: [aSpan("model:m"), ...spans] });
  return await requiredSpans({ required, order })({
    trajectory,
    fixture: aFixture(),
    costUsd: 0,
    askJudge: NO_JUDGE,
  });
}

const tools = (names: string) => [...names].map((name) => `tool:${name}`);

test.each([
  { order: "strict", required: "ab", seen: "ab", kind: "pass" },
  { order: "strict", required: "ab", seen: "ba", kind: "fail" },
  { order: "strict", required: "ab", seen: "abc", kind: "fail" },
  { order: "strict", required: "ab", seen: "a", kind: "fail" },
  { order: "strict", required: "aa", seen: "a", kind: "fail" },
  { order: "unordered", required: "ab", seen: "ba", kind: "pass" },
  { order: "unordered", required: "ab", seen: "bac", kind: "fail" },
  { order: "unordered", required: "ab", seen: "a", kind: "fail" },
  { order: "unordered", required: "aab", seen: "aba", kind: "pass" },
  { order: "unordered", required: "ab", seen: "aba", kind: "fail" },
  { order: "subsequence", required: "ab", seen: "xaxbx", kind: "pass" },
  { order: "subsequence", required: "ab", seen: "ba", kind: "fail" },
  { order: "subsequence", required: "aa", seen: "a", kind: "fail" },
  { order: "superset", required: "ab", seen: "xbxa", kind: "pass" },
  { order: "superset", required: "ab", seen: "xb", kind: "fail" },
  { order: "superset", required: "aa", seen: "a", kind: "fail" },
  { order: "superset", required: "a", seen: "", kind: "fail" },
] as const)("$order: $seen against $required is a $kind", async ({ order, required, seen, kind }) => {
  const spans = tools(seen).map((name) => aSpan(name));
  expect((await grade(order, tools(required), spans)).kind).toBe(kind);
});

const search = (...sources: string[]): Span[] =>
  sources.map((source, index) =>
    aSpan(`retrieval:${source}`, index === 0 ? { call: { tool: "search_docs", arguments: {} } } : {}),
  );

test.each([
  {
    name: "one search that serves more than was asked for",
    spans: [...search("x", "policy"), aSpan("tool:a")],
  },
  { name: "the same search twice", spans: [...search("policy"), ...search("policy"), aSpan("tool:a")] },
  { name: "the same search again later", spans: [...search("policy"), aSpan("tool:a"), ...search("policy")] },
])("$name is no deviation in any order", async ({ spans }) => {
  for (const order of ["strict", "unordered", "subsequence", "superset"] as const) {
    expect((await grade(order, ["retrieval:policy", "tool:a"], spans)).kind).toBe("pass");
  }
});

test("a search for something else is a deviation where only these spans may occur", async () => {
  const spans = [...search("weather"), ...search("policy")];
  expect((await grade("strict", ["retrieval:policy"], spans)).kind).toBe("fail");
  expect((await grade("subsequence", ["retrieval:policy"], spans)).kind).toBe("pass");
});

test("two names of one span are both satisfied by it", async () => {
  const spans = [aSpan("approval:required", { call: { tool: "request_approval", arguments: {} } })];
  expect((await grade("strict", ["tool:request_approval", "approval:required"], spans)).kind).toBe("pass");
});

test("a failure says where expected and observed part", async () => {
  expect(await grade("strict", ["tool:a", "tool:b"], [aSpan("tool:a"), aSpan("tool:c")])).toEqual({
    kind: "fail",
    because: "tool:c occurred where tool:b was expected",
    expected: "tool:a → tool:b (strict)",
    observed: "tool:a → tool:c",
    spanId: "tool:c",
  });
});
