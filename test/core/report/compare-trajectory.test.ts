import { describe, expect, test } from "@jest/globals";
import type { WrittenFixture } from "../../../src/core/fixture/fixture.ts";
import { compareTrajectory, type TrajectoryRow } from "../../../src/core/report/compare-trajectory.ts";
import { trajectoryLines } from "../../../src/core/report/render-trajectory.ts";
import { aFixture } from "../../build/fixtures.ts";
import { aTrajectory } from "../../build/reports.ts";

const words = ({ expected, observed, parts }: TrajectoryRow): string =>
  `${parts ? "-" : " "} ${expected ?? "·"} | ${observed ?? "·"}`;

function compared(
  expectation: WrittenFixture["expect"],
  names: readonly string[],
  blamed: readonly string[] = [],
): string[] {
  const rows = compareTrajectory(aFixture({ expect: expectation }), aTrajectory(names), new Set(blamed));
  return rows.slice(0, -1).map(words);
}

describe("expected beside observed", () => {
  const required = ["tool:a", "tool:b", "tool:c"];
  test.each([
    {
      name: "in order, others between: only what is missing parts",
      trajectory: { required, order: "subsequence" },
      names: ["tool:a", "tool:x", "tool:c"],
      rows: ["  tool:a | tool:a", "- tool:b | ·", "  · | tool:x", "  tool:c | tool:c"],
    },
    {
      name: "in order: two that changed places part",
      trajectory: { required: ["tool:a", "tool:b"], order: "subsequence" },
      names: ["tool:b", "tool:a"],
      rows: ["- tool:a | ·", "  tool:b | tool:b", "  · | tool:a"],
    },
    {
      name: "strict: what is too many parts as well",
      trajectory: { required: ["tool:a", "tool:b"], order: "strict" },
      names: ["tool:a", "tool:x", "tool:b"],
      rows: ["  tool:a | tool:a", "- nothing here | tool:x", "  tool:b | tool:b"],
    },
    {
      name: "any order: a missing name stands behind the one that it follows",
      trajectory: { required, order: "unordered" },
      names: ["tool:c", "tool:a", "tool:a"],
      rows: ["  tool:c | tool:c", "  tool:a | tool:a", "- tool:b | ·", "- nothing here | tool:a"],
    },
    {
      name: "among others: extra spans are fine",
      trajectory: { required: ["tool:b"], order: "superset" },
      names: ["tool:a", "tool:b"],
      rows: ["  · | tool:a", "  tool:b | tool:b"],
    },
    {
      name: "forbidden spans part",
      trajectory: { forbidden: ["tool:x"] },
      names: ["tool:a", "tool:x"],
      rows: ["  · | tool:a", "- never tool:x | tool:x"],
    },
    { name: "nothing was done", trajectory: { required: ["tool:a"] }, names: [], rows: ["- tool:a | ·"] },
  ] as const)("$name", ({ trajectory, names, rows }) => {
    expect(
      compared({ trajectory: structuredClone(trajectory) as WrittenFixture["expect"]["trajectory"] }, names),
    ).toEqual(rows);
  });

  test("a span that a grader blames parts", () => {
    expect(compared({ trajectory: { required: ["tool:a"] } }, ["tool:a"], ["tool:a"])).toEqual([
      "- tool:a | tool:a",
    ]);
  });

  test("the stop reason comes last", () => {
    const rows = compareTrajectory(aFixture({ expect: { stop_reason: "asked" } }), aTrajectory(["tool:a"]));
    expect(rows.map(words).at(-1)).toBe("- stop: asked | stop: completed");
  });
});

test("the first row where they part is pointed at, and long trajectories are cut with words", () => {
  const rows = Array.from({ length: 60 }, (_, index) => ({
    expected: `tool:${index}`,
    observed: undefined,
    parts: true,
  }));
  const lines = trajectoryLines(rows);
  expect(lines.filter((line) => line.includes("<- parts here"))).toHaveLength(1);
  expect(lines.at(-1)).toBe("  … 20 more steps");
});
