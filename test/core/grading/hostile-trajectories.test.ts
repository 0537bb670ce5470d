import { describe, expect, test } from "@jest/globals";
import type { WrittenFixture } from "../../../src/core/fixture/fixture.ts";
import { assertionsOf } from "../../../src/core/grading/assertions.ts";
import { gradeTrajectory } from "../../../src/core/grading/grade-trajectory.ts";
import type { Span, Trajectory } from "../../../src/core/trajectory/trajectory.ts";
import { runTrial } from "../../../src/core/trial/run-trial.ts";
import { aFixture } from "../../build/fixtures.ts";
import { aModel, aTrialSetting, NO_JUDGE, says } from "../../build/models.ts";
import { aSpan, aTrajectory } from "../../build/reports.ts";

const EVERYTHING: WrittenFixture["expect"] = {
  route: { agents: ["refund"], never: ["x"], models: ["m"] },
  context: { must_contain: ["never said"], must_not_contain: ["never said either"], documents: ["none"] },
  retrieval: {
    required: ["none*"],
    allowed: ["*"],
    fresh: [{ not_older_than: "2026-01-01" }],
    cited: { pattern: "\\[(\\w+)\\]" },
  },
  trajectory: {
    required: ["tool:last"],
    order: "subsequence",
    forbidden: ["*:*x*y*z"],
    allowed: ["tool:*", "retrieval:*"],
    counts: [{ of: { arguments: { n: -1 } }, max: 0 }],
    relations: [
      { every: "tool:call", preceded_by: "tool:call", followed_by: "tool:last", same: ["n"] },
      { every: "tool:call", not_followed_by: "tool:last", not_preceded_by: "tool:last", same: ["n"] },
    ],
    inputs: [{ tool: "call", includes: {}, ignore: ["*.*"] }],
    approval: [{ before: "tool:call", by: ["lead"], same: ["n"] }],
    repeats: { side_effects: "same_key" },
    recovery: [{ from: "tool:call" }],
    max_identical_calls: 1,
  },
  state: { final: { n: 1 }, transitions: [{ key: "n", to: -1 }] },
  memory: { writes: { must_not_match: ["(a+)+$"] } },
  policy: { after_denial: "stop", refusal: ["never said"] },
  output: { any_of: ["never said"], must_not_match: ["(a+)+$"], json_schema: { type: "object" } },
};

/** Grades a trajectory on everything, and counts how often its spans are looked at. */
async function lookedAt(spans: readonly Span[], of: Partial<Trajectory> = {}): Promise<number> {
  const fixture = aFixture({ expect: { ...EVERYTHING, not: EVERYTHING } });
  let looks = 0;
  const watched = spans.map((span) => ({
    ...span,
    get name() {
      looks += 1;
      return span.name;
    },
  }));
  const trajectory = aTrajectory([], { spans: watched, ...of });
  const grades = await gradeTrajectory(assertionsOf(fixture), {
    trajectory,
    fixture,
    costUsd: 0,
    askJudge: NO_JUDGE,
  });
  expect(grades.length).toBeGreaterThan(50);
  return looks;
}

function manySpans(count: number): readonly Span[] {
  const given = { texts: ["a".repeat(100)], documents: [], state: {} };
  return Array.from({ length: count }, (_, index): Span => {
    const id = `${index}`;
    if (index % 4 === 0) return aSpan("model:m", { id, agent: "refund", given });
    if (index % 4 === 1)
      return aSpan("retrieval:doc", { id, document: { source: "doc", date: "2026-02-02" } });
    if (index % 4 === 2)
      return aSpan("approval:required", {
        id,
        by: ["lead"],
        call: { tool: "ask", arguments: { n: index + 1 } },
      });
    return aSpan("tool:call", {
      id,
      status: index % 8 === 3 ? "succeeded" : "failed",
      sideEffect: "money",
      changes: { n: index },
      call: { tool: "call", arguments: { n: index } },
    });
  });
}

test("ten times as many spans are looked at no more than ten times as often", async () => {
  const few = await lookedAt(manySpans(1_000));
  const many = await lookedAt(manySpans(10_000));
  expect(many / few).toBeLessThan(11);
});

describe("ten megabytes of output are cut, and what is not found in the rest stays open", () => {
  const long = `start ${"a".repeat(10 * 1024 * 1024)} end`;

  test.each([
    { output: { must_contain: ["start"] }, status: "passed" },
    { output: { must_contain: ["end"] }, status: "ungraded" },
    { output: { must_not_contain: ["start"] }, status: "failed" },
    { output: { must_not_contain: ["end"] }, status: "ungraded" },
    { output: { must_match: ["^start"] }, status: "passed" },
    { output: { must_not_match: ["(a+)+b"] }, status: "ungraded" },
    { output: { json_schema: {} }, status: "ungraded" },
    { output: { equals: "start" }, status: "failed" },
  ])("$output: $status", async ({ output, status }) => {
    const fixture = aFixture({ expect: { output } });
    const trial = await runTrial(aTrialSetting({ fixture, askModel: aModel([says(long)]) }));
    expect(trial.status).toBe(status);
    expect(JSON.stringify(trial).length).toBeLessThan(110_000);
  });
});

test("an output that nests without end is no answer that fits", async () => {
  const output = "[".repeat(50_000) + "]".repeat(50_000);
  await expect(lookedAt(manySpans(8), { output })).resolves.toBeGreaterThan(0);
});
