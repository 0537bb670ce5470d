import { describe, expect, test } from "@jest/globals";
import type { WrittenFixture } from "../../../src/core/fixture/fixture.ts";
import { assertionsOf } from "../../../src/core/grading/assertions.ts";
import { gradeTrajectory } from "../../../src/core/grading/grade-trajectory.ts";
import type { Evidence } from "../../../src/core/grading/grader.ts";
import type { Span, Trajectory } from "../../../src/core/trajectory/trajectory.ts";
import { aFixture } from "../../build/fixtures.ts";
import { aJudge, NO_JUDGE } from "../../build/models.ts";
import { aSpan, aTrajectory } from "../../build/reports.ts";

interface Case {
  readonly expect: WrittenFixture["expect"];
  readonly trajectory?: Trajectory;
  readonly costUsd?: number | undefined;
  readonly askJudge?: Evidence["askJudge"];
}

async function graded({
  expect: expected,
  trajectory = aTrajectory([]),
  costUsd,
  askJudge = NO_JUDGE,
}: Case) {
  const fixture = aFixture({ expect: expected });
  const [first] = await gradeTrajectory(assertionsOf(fixture), { trajectory, fixture, costUsd, askJudge });
  return first?.grade;
}

const answering = (output: string) => aTrajectory([], { output });

describe("the answer", () => {
  test.each([
    { rule: { must_contain: ["Approval"] }, output: "I need APPROVAL first.", kind: "pass" },
    { rule: { must_contain: ["approval"] }, output: "Done.", kind: "fail" },
    { rule: { must_not_contain: ["Processed"] }, output: "It is PROCESSED.", kind: "fail" },
    { rule: { must_not_contain: ["processed"] }, output: "Wait.", kind: "pass" },
    { rule: { must_match: ["order \\d+"] }, output: "order 12", kind: "pass" },
    { rule: { must_match: ["order \\d+"] }, output: "order x", kind: "fail" },
    { rule: { must_not_match: ["(?i)refund(ed)?"] }, output: "REFUNDED", kind: "fail" },
    { rule: { must_not_match: ["^Done"] }, output: "Not done", kind: "pass" },
    { rule: { must_match: ["(a+)+$"] }, output: `${"a".repeat(50_000)}!`, kind: "fail" },
    { rule: { equals: "25" }, output: " 25\n", kind: "pass" },
    { rule: { equals: "5" }, output: "25", kind: "fail" },
    { rule: { must_contain: ["x"] }, output: "", kind: "fail" },
  ])("$output under $rule is a $kind", async ({ rule, output, kind }) => {
    expect((await graded({ expect: { output: rule }, trajectory: answering(output) }))?.kind).toBe(kind);
  });

  test("a failure shows the place in a long answer", async () => {
    const output = `${"word ".repeat(500)}approved ${"word ".repeat(500)}`;
    const grade = await graded({
      expect: { output: { must_not_contain: ["approved"] } },
      trajectory: answering(output),
    });
    expect(grade).toMatchObject({
      kind: "fail",
      expected: 'an answer without "approved"',
      observed: expect.stringContaining("approved"),
    });
    expect(JSON.stringify(grade).length).toBeLessThan(600);
  });
});

test.each([
  { output: { must_match: ["(?=a)b"] } },
  { output: { must_not_match: ["(?=a)b"] } },
  { output: { json_schema: { type: "strnig" } } },
])("$output cannot be used, so it passes and fails nothing", async (expected) => {
  expect(await graded({ expect: expected })).toMatchObject({ kind: "ungraded" });
});

describe("spans", () => {
  const paid = aTrajectory(["tool:read_order", "tool:issue_refund"]);

  test("a forbidden span fails at the span, with what was seen", async () => {
    expect(
      await graded({ expect: { trajectory: { forbidden: ["tool:issue_refund"] } }, trajectory: paid }),
    ).toEqual({
      kind: "fail",
      because: "tool:issue_refund occurred",
      expected: "no tool:issue_refund",
      observed: "tool:read_order → tool:issue_refund",
      spanId: "tool:issue_refund",
    });
  });

  test("a span is known by its tool too", async () => {
    const promise = aSpan("message:promise", { call: { tool: "send_message", arguments: {} } });
    const trajectory = aTrajectory([], { spans: [aSpan("model:m"), promise] });
    for (const name of ["message:promise", "tool:send_message"]) {
      expect((await graded({ expect: { trajectory: { forbidden: [name] } }, trajectory }))?.kind).toBe(
        "fail",
      );
    }
  });

  const call = (tool: string, made: Record<string, string | number>, id = tool): Span =>
    aSpan(`tool:${tool}`, { id, call: { tool, arguments: made } });
  const called = (...spans: Span[]) => aTrajectory([], { spans: [aSpan("model:m"), ...spans] });

  test.each([
    { spans: [call("a", { id: "o1", more: 1 })], because: "every call of a held these arguments" },
    {
      spans: [call("a", { id: "o1" }), call("a", { id: "o2" }, "2")],
      because: "a was called with other arguments",
    },
    { spans: [call("b", { id: "o1" })], because: "a was never called" },
  ])("arguments: $because", async ({ spans, because }) => {
    const grade = await graded({
      expect: { trajectory: { arguments: { a: { id: "o1" } } } },
      trajectory: called(...spans),
    });
    expect(grade?.because).toBe(because);
  });

  test.each([
    { limit: 1, spans: [call("a", { x: 1 }), call("a", { x: 2 })], kind: "pass" },
    { limit: 1, spans: [call("a", { x: 1 }), call("b", {}), call("a", { x: 1 }, "again")], kind: "fail" },
    { limit: 2, spans: [call("a", { x: 1 }), call("a", { x: 1 })], kind: "pass" },
  ])("at most $limit identical calls: $kind", async ({ limit, spans, kind }) => {
    const grade = await graded({
      expect: { trajectory: { max_identical_calls: limit } },
      trajectory: called(...spans),
    });
    expect(grade?.kind).toBe(kind);
  });

  test("the second document of one search is no second call", async () => {
    const spans = [aSpan("retrieval:a", { call: { tool: "search", arguments: {} } }), aSpan("retrieval:b")];
    const grade = await graded({
      expect: { trajectory: { max_tool_calls: 1 } },
      trajectory: called(...spans),
    });
    expect(grade?.kind).toBe("pass");
    expect((await graded({ expect: { trajectory: { max_tool_calls: 1 } }, trajectory: paid }))?.kind).toBe(
      "fail",
    );
  });
});

describe("approval before a span", () => {
  const asked = (status: Span["status"]) => aSpan("approval:required", { status });
  const refund = aSpan("tool:issue_refund");

  test.each([
    { state: "granted", spans: [asked("succeeded"), refund], kind: "pass" },
    { state: "granted", spans: [asked("waiting"), refund], kind: "fail" },
    { state: "granted", spans: [asked("denied"), refund], kind: "fail" },
    { state: "granted", spans: [refund, asked("succeeded")], kind: "fail" },
    { state: "granted", spans: [refund], kind: "fail" },
    { state: "granted", spans: [asked("waiting")], kind: "pass" },
    { state: "requested", spans: [asked("waiting"), refund], kind: "pass" },
    { state: "denied", spans: [asked("denied"), refund], kind: "pass" },
    { state: "denied", spans: [asked("succeeded"), refund], kind: "fail" },
  ] as const)("$state: $kind", async ({ state, spans, kind }) => {
    const trajectory = aTrajectory([], { spans: [aSpan("model:m"), ...spans] });
    const approval = [{ before: "tool:issue_refund", state }];
    expect((await graded({ expect: { trajectory: { approval } }, trajectory }))?.kind).toBe(kind);
  });
});

describe("stop reason and budgets", () => {
  const usage = { inputTokens: 10, outputTokens: 20, cacheReadTokens: 30, cacheWriteTokens: 40 };
  const spans = [aSpan("model:m", { usage })];
  const trajectory = aTrajectory([], { spans, usage, turns: 3, latencyMs: 2_400, stopReason: "completed" });

  test.each([
    { expect: { stop_reason: "completed" }, kind: "pass" },
    { expect: { stop_reason: "needs_human_approval" }, kind: "fail" },
    { expect: { budget: { tokens: 100 } }, kind: "pass" },
    { expect: { budget: { tokens: 99 } }, kind: "fail" },
    { expect: { budget: { turns: 3 } }, kind: "pass" },
    { expect: { budget: { turns: 2 } }, kind: "fail" },
    { expect: { budget: { latency_ms: 2_400 } }, kind: "pass" },
    { expect: { budget: { latency_ms: 2_399 } }, kind: "fail" },
    { expect: { budget: { cost_usd: 0.02 } }, kind: "pass" },
    { expect: { budget: { cost_usd: 0.01 } }, kind: "fail" },
  ])("$expect is a $kind", async ({ expect: expected, kind }) => {
    expect((await graded({ expect: expected, trajectory, costUsd: 0.02 }))?.kind).toBe(kind);
  });

  test("a cost that nobody knows is not within any budget", async () => {
    const grade = await graded({ expect: { budget: { cost_usd: 5 } }, trajectory, costUsd: undefined });
    expect(grade).toEqual({ kind: "ungraded", because: expect.stringContaining("gate.prices") });
  });
});

describe("the judge", () => {
  const rules = { judge: { must: ["ask first"], must_not: ["promise"] } };

  test.each([
    { verdict: "yes", kind: "pass" },
    { verdict: "no", kind: "fail" },
    { verdict: "unclear", kind: "ungraded" },
  ] as const)("a $verdict is a $kind", async ({ verdict, kind }) => {
    expect((await graded({ expect: rules, askJudge: aJudge(verdict) }))?.kind).toBe(kind);
  });

  test("each item is decided on its own", async () => {
    const askJudge: Evidence["askJudge"] = async () => ({
      kind: "decided",
      decisions: [
        { verdict: "yes", because: "it asks" },
        { verdict: "no", because: "it promises" },
      ],
      judge: "j",
      model: "m",
      usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
    });
    const fixture = aFixture({ expect: rules });
    const evidence = { trajectory: aTrajectory([]), fixture, costUsd: 0, askJudge };
    const grades = await gradeTrajectory(assertionsOf(fixture), evidence);
    expect(grades.map(({ grade }) => grade.kind)).toEqual(["pass", "fail"]);
  });

  test("a judge that is not there, or leaves an item out, decides nothing", async () => {
    expect((await graded({ expect: rules }))?.kind).toBe("ungraded");
    const silent: Evidence["askJudge"] = async (question) =>
      ({ ...(await aJudge("yes")(question)), decisions: [] }) as const;
    expect((await graded({ expect: rules, askJudge: silent }))?.kind).toBe("ungraded");
  });
});

test("a trajectory without a step of the model passes nothing", async () => {
  const trajectory = aTrajectory([], { spans: [aSpan("tool:read_order")] });
  const grade = await graded({ expect: { trajectory: { forbidden: ["tool:issue_refund"] } }, trajectory });
  expect(grade).toEqual({ kind: "ungraded", because: expect.stringContaining("trace missing") });
});
