import { expect, test } from "@jest/globals";
import { assertionsOf } from "../../../src/core/grading/assertions.ts";
import { aFixture } from "../../build/fixtures.ts";

test("every expectation of a fixture is one assertion, with its place in the file", () => {
  const fixture = aFixture({
    expect: {
      stop_reason: "completed",
      trajectory: {
        required: ["tool:a", "tool:b"],
        forbidden: ["tool:c", "tool:d"],
        arguments: { a: { x: 1 }, b: { y: 2 } },
        approval: [{ before: "tool:c" }],
        max_tool_calls: 3,
        max_identical_calls: 1,
      },
      output: {
        must_contain: ["x"],
        must_not_contain: ["y", "z"],
        must_match: ["a+"],
        must_not_match: ["b+"],
        equals: "x",
        json_schema: { type: "object" },
      },
      judge: { must: ["be kind"], must_not: ["promise", "lie"] },
      budget: { cost_usd: 1, latency_ms: 2, tokens: 3, turns: 4 },
    },
  });
  expect(
    assertionsOf(fixture).map(({ use, at, judged }) => `${use} ${at}${judged ? " (judged)" : ""}`),
  ).toEqual([
    "stop-reason expect.stop_reason",
    "required-spans expect.trajectory.required",
    "forbidden-span expect.trajectory.forbidden[0]",
    "forbidden-span expect.trajectory.forbidden[1]",
    "arguments expect.trajectory.arguments.a",
    "arguments expect.trajectory.arguments.b",
    "approval expect.trajectory.approval[0]",
    "max-tool-calls expect.trajectory.max_tool_calls",
    "max-identical-calls expect.trajectory.max_identical_calls",
    "contains expect.output.must_contain[0]",
    "not-contains expect.output.must_not_contain[0]",
    "not-contains expect.output.must_not_contain[1]",
    "matches expect.output.must_match[0]",
    "not-matches expect.output.must_not_match[0]",
    "equals expect.output.equals",
    "json-schema expect.output.json_schema",
    "budget-cost expect.budget.cost_usd",
    "budget-latency expect.budget.latency_ms",
    "budget-tokens expect.budget.tokens",
    "budget-turns expect.budget.turns",
    "judge expect.judge.must[0] (judged)",
    "judge expect.judge.must_not[0] (judged)",
    "judge expect.judge.must_not[1] (judged)",
  ]);
});

test("an expectation of zero calls is an assertion too", () => {
  const fixture = aFixture({ expect: { trajectory: { max_tool_calls: 0 } } });
  expect(assertionsOf(fixture)).toHaveLength(1);
});
